// A snapshot in any of its forms → bytes for the core. It tells JSON from a compiled one, and parses.

import { admit, bytesOf, noBytes } from "./bytes.js";
import { jsonOf } from "./json.js";
import { isPlainObject } from "./plain.js";
import { isWellFormed } from "./text.js";
import type { SnapshotSource } from "./types.js";
import { encoder } from "./utf8.js";

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
  if (!isData(source)) throw noBytes("a snapshot's bytes, its text or the parsed object");
  return jsonOf(source, "the snapshot object");
}

/** An object or array as `JSON.parse` makes them; in particular no Response and no Promise. */
const isData = (value: unknown): value is object => typeof value === "object" && value !== null && (Array.isArray(value) || isPlainObject(value));

/** Text with half a surrogate pair is cut there and ended by a byte no UTF-8 has, so that the core refuses it at that place. */
function encode(text: string): Uint8Array {
  const coder = encoder();
  if (isWellFormed(text)) return coder.encode(text);
  const upTo = coder.encode(text.slice(0, text.search(/\p{Surrogate}/u)));
  const bytes = new Uint8Array(upTo.length + 1);
  bytes.set(upTo);
  bytes[upTo.length] = 0xff;
  return bytes;
}
