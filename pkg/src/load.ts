// A snapshot in any of its forms → policy.

import { checkOptions, refuseStrict } from "./arguments.js";
import { core } from "./bytes.js";
import { load } from "./core.js";
import { argumentError } from "./errors.js";
import { FullPolicyHandle } from "./full-policy.js";
import { admitted } from "./source.js";
import type { Context, LoadOptions, Policy, PrincipalRef, SnapshotSource } from "./types.js";

/**
 * Loads a snapshot: JSON of any system, or a compiled one. Give the bytes or the text just as the server sent them where you have
 * them: a parsed object has already lost duplicate keys, and with them the chance to refuse the snapshot. JSON has no byte order mark: a
 * text or bytes that begin with one are refused (`ERR_JSON`), as `JSON.parse` refuses them; the command line takes it off.
 *
 * Throws a {@link LatchgateError} with `code`, `path` and a sentence when the snapshot cannot be used; there is no
 * half-loaded policy.
 */
export function loadPolicy<P extends string = string>(source: SnapshotSource, options?: LoadOptions): Policy<P> {
  return read(source, options) as unknown as Policy<P>;
}

/**
 * Compiles a snapshot for `loadPolicy` here and in `latchgate/reader`: one binary that is read where it stands. With `principal`
 * only what that one needs goes into it, and nothing about others.
 *
 * Throws as {@link loadPolicy}; `ERR_ARGUMENT` where the snapshot has nobody of that name.
 */
export function compile(source: SnapshotSource, only?: { principal: PrincipalRef; context?: Context }): Uint8Array {
  checkOptions(only, "principal", "context");
  // What is not said would otherwise pass for nobody.
  if (only !== undefined && only.principal === undefined) throw argumentError("whom to compile for is said as `{ principal, context? }`");
  const policy = read(source);
  try {
    if (only === undefined) return policy.compiled();
    mustKnow(policy, only.principal, only.context);
    return policy.slice(only.principal, only.context);
  } finally {
    policy.free();
  }
}

function read(source: SnapshotSource, options?: LoadOptions): FullPolicyHandle {
  refuseStrict(options);
  const bytes = admitted(source);
  return new FullPolicyHandle(core(() => load(bytes)), options);
}

/** Refuses a name that nobody has: what is compiled for nobody denies everything, and nobody would know why. */
function mustKnow(policy: FullPolicyHandle, principal: PrincipalRef, context: Context | undefined): void {
  // Whatever the time: before everything that ends.
  const { code, message } = policy.decide({ principal, context: { ...context, now: "0001-01-01T00:00:00Z" }, ask: { kind: "permission", anyOf: [] } });
  if (code === "unknown_principal") throw argumentError(message);
}
