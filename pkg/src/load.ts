// A snapshot in any of its forms → policy. The core tells JSON from a compiled one, and parses.

import { admit, bytesOf, core, noBytes } from "./bytes.js";
import { lint as findings, load, load_strict, type RawPolicy } from "./core.js";
import { argumentError } from "./errors.js";
import { FullPolicyHandle } from "./full-policy.js";
import { isWellFormed } from "./text.js";
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
  const bytes = admitted(source);
  return JSON.parse(core(() => findings(bytes))) as Lint[];
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

/** The same for any kind of handle. */
export function read<H>(Handle: new (raw: RawPolicy) => H, source: SnapshotSource, strict?: boolean): H {
  const bytes = admitted(source);
  if (strict !== undefined && typeof strict !== "boolean") throw argumentError("`strict` is a boolean");
  try {
    return new Handle(core(() => (strict ? load_strict(bytes) : load(bytes))));
  } catch (thrown) {
    // Looked for once more, so that an error crosses as every other one does.
    if ((thrown as { code?: unknown }).code === "ERR_STRICT") Object.assign(thrown as object, { lints: lint(bytes) });
    throw thrown;
  }
}

/** Its bytes, unless they are too many. */
export function admitted(source: SnapshotSource): Uint8Array {
  // Each UTF-16 unit is a byte at the least: a text that is too long need not even be encoded.
  if (typeof source === "string") admit(source.length);
  const bytes = toBytes(source);
  admit(bytes.length);
  return bytes;
}

function toBytes(source: SnapshotSource): Uint8Array {
  if (typeof source === "string") return encode(source);
  const bytes = bytesOf(source);
  if (bytes !== undefined) return bytes;
  if (!isPlain(source)) throw noBytes("a snapshot's bytes, its text or the parsed object");
  try {
    return encode(JSON.stringify(source, refuseBentNumbers));
  } catch (cause) {
    throw argumentError("the snapshot object cannot be written as JSON", cause);
  }
}

/** JSON would write `null` for them. */
export function refuseBentNumbers(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`JSON has no word for ${value}`);
  return value;
}

/** An object or array as `JSON.parse` makes them; in particular no Response and no Promise. */
function isPlain(value: unknown): boolean {
  return /^\[object (Object|Array)\]$/.test(Object.prototype.toString.call(value));
}

/** Text with half a surrogate pair is cut there and ended by a byte no UTF-8 has, so that the core refuses it at that place. */
function encode(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (isWellFormed(text)) return encoder.encode(text);
  const upTo = encoder.encode(text.slice(0, text.search(/\p{Surrogate}/u)));
  const bytes = new Uint8Array(upTo.length + 1);
  bytes.set(upTo);
  bytes[upTo.length] = 0xff;
  return bytes;
}
