// The end of a handle's life: freed once, refused afterwards.

import { LatchgateError } from "./errors.js";

/** The core's object, or an error in plain words where it is gone. */
export function use<T>(raw: T | undefined, what: string): T {
  if (raw === undefined) throw new LatchgateError("ERR_FREED", `this ${what} has been freed and cannot be asked any more`);
  return raw;
}

/** Lets `using` free the handle, in runtimes that know `Symbol.dispose`. */
export function disposable(handle: { prototype: { free(): void } }): void {
  if (Symbol.dispose) Object.defineProperty(handle.prototype, Symbol.dispose, { value: handle.prototype.free, configurable: true, writable: true });
}
