// A snapshot in any of its forms → bytes → policy. The core parses; here nothing is looked into.

import { admit, load } from "./core.js";
import { argumentError, fromCore } from "./errors.js";
import { isWellFormed } from "./intern.js";
import { toJson } from "./json.js";
import { PolicyHandle } from "./policy.js";
import { start } from "./runtime.js";
import type { Policy, SnapshotSource } from "./types.js";
import { isBytes } from "./wasm.js";

/**
 * Loads a snapshot. Give the bytes or the text just as the server sent them where you have them: a parsed object has
 * already lost duplicate keys, and with them the chance to refuse the snapshot.
 *
 * Throws a {@link LatchgateError} with `code`, `path` and a sentence when the snapshot cannot be used; there is no
 * half-loaded policy.
 */
export function loadPolicy<P extends string = string>(source: SnapshotSource): Policy<P> {
  // Each UTF-16 unit is a byte at the least: a text that is too long need not even be encoded.
  if (typeof source === "string") core(() => admit(source.length));
  const bytes = toBytes(source);
  const raw = core(() => {
    admit(bytes.length);
    return load(bytes);
  });
  return new PolicyHandle(raw) as Policy<P>;
}

function core<T>(call: () => T): T {
  start();
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}

function toBytes(source: SnapshotSource): Uint8Array {
  if (typeof source === "string") return encode(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (isBytes(source)) return new Uint8Array(source as ArrayBuffer);
  if (!isPlain(source)) {
    throw argumentError("loadPolicy takes a snapshot's bytes, its text or the parsed object; of a Response give the body: `new Uint8Array(await response.arrayBuffer())`");
  }
  try {
    return encode(toJson(source));
  } catch (cause) {
    throw argumentError("the snapshot object cannot be written as JSON", cause);
  }
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
