// A compiled snapshot → policy: the only form that the reader takes.

import { refuseStrict } from "./arguments.js";
import { admit, bytesOf, core, noBytes } from "./bytes.js";
import { open } from "./core.js";
import { PolicyHandle } from "./policy.js";
import type { CompiledPolicy, LoadOptions } from "./types.js";

/**
 * Loads a compiled snapshot: it is checked once and then read where it stands.
 *
 * Throws a {@link LatchgateError} with `code` and a sentence when the bytes cannot be used; there is no half-loaded policy.
 */
export function loadPolicy<P extends string = string>(source: Uint8Array | ArrayBuffer | ArrayBufferView, options?: LoadOptions): CompiledPolicy<P> {
  refuseStrict(options);
  const bytes = bytesOf(source);
  if (bytes === undefined) throw noBytes("the bytes of a compiled snapshot");
  admit(bytes.length);
  return new PolicyHandle(core(() => open(bytes)), options) as unknown as CompiledPolicy<P>;
}
