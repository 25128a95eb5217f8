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

/** Lets consoles, `JSON.stringify` and templates say what a handle stands for, in place of its inner workings. */
export function described<T>(handle: { prototype: T }, title: string, facts: (handle: T) => Record<string, unknown>): void {
  const define = (key: string | symbol, value: Function): unknown => Object.defineProperty(handle.prototype, key, { value, configurable: true, writable: true });
  define("toJSON", function (this: T) {
    return facts(this);
  });
  define("toString", function (this: T) {
    return `${title} ${JSON.stringify(facts(this))}`;
  });
  // Node, Deno and Bun know it by this name.
  define(Symbol.for("nodejs.util.inspect.custom"), function (this: T, _depth: number, options: object, inspect?: (value: unknown, options: object) => string) {
    return inspect === undefined ? facts(this) : `${title} ${inspect(facts(this), options)}`;
  });
}
