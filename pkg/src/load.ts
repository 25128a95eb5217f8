// A snapshot in any of its forms → policy. The core tells JSON from a compiled one, and parses.

import { admit, bytesOf, core, noBytes } from "./bytes.js";
import { load } from "./core.js";
import { argumentError } from "./errors.js";
import { FullPolicyHandle } from "./full-policy.js";
import { isWellFormed } from "./text.js";
import type { Context, Policy, PrincipalRef, SnapshotSource } from "./types.js";

/**
 * Loads a snapshot: JSON of any system, or a compiled one. Give the bytes or the text just as the server sent them where you have
 * them: a parsed object has already lost duplicate keys, and with them the chance to refuse the snapshot.
 *
 * Throws a {@link LatchgateError} with `code`, `path` and a sentence when the snapshot cannot be used; there is no
 * half-loaded policy.
 */
export function loadPolicy<P extends string = string>(source: SnapshotSource): Policy<P> {
  return read(source) as unknown as Policy<P>;
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
  const policy = read(source);
  try {
    return only === undefined ? policy.compiled() : policy.slice(only.principal, only.context);
  } finally {
    policy.free();
  }
}

function read(source: SnapshotSource): FullPolicyHandle {
  // Each UTF-16 unit is a byte at the least: a text that is too long need not even be encoded.
  if (typeof source === "string") admit(source.length);
  const bytes = toBytes(source);
  admit(bytes.length);
  return new FullPolicyHandle(core(() => load(bytes)));
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
function refuseBentNumbers(_key: string, value: unknown): unknown {
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
