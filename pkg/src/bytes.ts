// A snapshot in any of its forms → bytes. Here nothing is looked into.

import { max_snapshot_bytes } from "./core.js";
import { argumentError, fromCore, LatchgateError } from "./errors.js";
import { start } from "./runtime.js";
import { isBytes } from "./wasm.js";

/** The bytes of a buffer or a view of one; `undefined` for anything else. */
export function bytesOf(source: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return isBytes(source) ? new Uint8Array(source as ArrayBuffer) : undefined;
}

/** Refuses by the length alone: memory that WebAssembly has taken it never gives back. */
export function admit(bytes: number): void {
  start();
  const most = max_snapshot_bytes();
  if (bytes > most) throw new LatchgateError("ERR_TOO_LARGE", `${bytes} bytes are more than the ${most} allowed`, "$");
}

/** Calls into the core, and makes its errors ours. */
export function core<T>(call: () => T): T {
  start();
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}

export const noBytes = (what: string): LatchgateError => argumentError(`loadPolicy takes ${what}; of a Response give the body: \`new Uint8Array(await response.arrayBuffer())\``);
