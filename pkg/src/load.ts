// A snapshot in any of its forms → policy.

import { argumentError } from "./errors.js";
import { FullPolicyHandle } from "./full-policy.js";
import { admitted, lintsOf, read } from "./source.js";
import type { Context, Lint, LoadOptions, Policy, PrincipalRef, SnapshotSource } from "./types.js";

/**
 * Loads a snapshot: JSON of any system, or a compiled one. Give the bytes or the text just as the server sent them where you have
 * them: a parsed object has already lost duplicate keys, and with them the chance to refuse the snapshot.
 *
 * Throws a {@link LatchgateError} with `code`, `path` and a sentence when the snapshot cannot be used; there is no
 * half-loaded policy. With `strict` also when one of its policies fails open, fails or does nothing (`ERR_STRICT`, with all `lints`).
 */
export function loadPolicy<P extends string = string>(source: SnapshotSource, options?: LoadOptions): Policy<P> {
  return read(FullPolicyHandle, source, options?.strict) as unknown as Policy<P>;
}

/**
 * What is wrong with the policies of a snapshot though it loads, in the order of its text: every one that fails open, fails, does nothing or
 * surprises.
 *
 * Throws as {@link loadPolicy}; `ERR_ARGUMENT` for a compiled snapshot, which has no places to name.
 */
export function lint(source: SnapshotSource): Lint[] {
  return lintsOf(admitted(source));
}

/**
 * Compiles a snapshot for `loadPolicy` here and in `latchgate/reader`: one binary that is read where it stands. With `principal`
 * only what that one needs goes into it, and nothing about others.
 *
 * Throws as {@link loadPolicy}.
 */
export function compile(source: SnapshotSource, only?: { principal: PrincipalRef; context?: Context }): Uint8Array {
  // A bare id would otherwise pass for nobody.
  if (only !== undefined && (typeof only !== "object" || only === null || Array.isArray(only))) throw argumentError("whom to compile for is said as `{ principal, context? }`");
  const policy = read(FullPolicyHandle, source);
  try {
    return only === undefined ? policy.compiled() : policy.slice(only.principal, only.context);
  } finally {
    policy.free();
  }
}
