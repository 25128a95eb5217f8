// Values → tagged bytes, as src/tagged.rs reads them. What JSON would bend without saying so is refused: NaN and the infinities
// would arrive as `null`, and a rule may well be about `null`.

import { isWellFormed } from "./text.js";

/** As deep as the core reads. A loop is deeper. */
const MAX_DEPTH = 64;
/** Kept between questions. A longer one gets memory of its own. */
const KEPT = 65_536;

const enum Tag {
  Null,
  False,
  True,
  Number,
  Text,
  List,
  Object,
}

/** Writes one value after the other into the same memory. */
export class Encoder {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  readonly #texts = new TextEncoder();
  readonly #longest: number;

  /** `longest`: of what is longer only so much is written that the core refuses it. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /**
   * Throws for what cannot be expressed: loops, bigints, numbers that are not finite, half surrogate pairs, getters that throw.
   * The bytes are good until the next call.
   */
  write(value: unknown): Uint8Array {
    this.#at = 0;
    const written = this.#value(value, "", MAX_DEPTH);
    const bytes = this.#bytes;
    if (bytes.length > KEPT) this.#take(1024);
    // A function, a symbol or `undefined` in place of a value.
    if (!written) throw new TypeError(`there is no word for ${typeof value}`);
    return bytes.subarray(0, this.#at);
  }

  #take(size: number): void {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Room for so many bytes more. */
  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.length) return;
    const old = this.#bytes;
    this.#take(Math.max(needed, old.length * 2));
    this.#bytes.set(old);
  }

  #tag(tag: Tag): void {
    this.#room(1);
    this.#bytes[this.#at++] = tag;
  }

  #count(count: number, at: number): void {
    this.#view.setUint32(at, count, true);
  }

  /** Whether there was something to write. */
  #value(given: unknown, key: string, depth: number): boolean {
    const value = typeof given === "object" || typeof given === "bigint" ? plain(given, key) : given;
    switch (typeof value) {
      case "string":
        this.#tag(Tag.Text);
        this.#text(value);
        return true;
      case "number":
        if (value - value !== 0) throw new TypeError(`there is no word for ${value}`);
        this.#room(9);
        this.#bytes[this.#at] = Tag.Number;
        this.#view.setFloat64(this.#at + 1, value, true);
        this.#at += 9;
        return true;
      case "boolean":
        this.#tag(value ? Tag.True : Tag.False);
        return true;
      case "bigint":
        throw new TypeError("there is no word for bigint");
      case "object":
        if (value === null) this.#tag(Tag.Null);
        else if (Array.isArray(value)) this.#list(value, depth);
        else this.#object(value as Record<string, unknown>, depth);
        return true;
      default:
        return false;
    }
  }

  #text(text: string): void {
    if (!isWellFormed(text)) throw new TypeError("half of a surrogate pair is no text");
    const { length } = text;
    // Each UTF-16 unit is a byte at the least: as much as it takes to be refused.
    const kept = length > this.#longest ? text.slice(0, this.#longest) : text;
    this.#room(4 + kept.length * 3);
    const { written } = this.#texts.encodeInto(kept, this.#bytes.subarray(this.#at + 4));
    this.#count(written, this.#at);
    this.#at += 4 + written;
  }

  #begin(tag: Tag, depth: number): number {
    if (depth === 0) throw new TypeError("it is nested too deep, or in a loop");
    this.#room(5);
    this.#bytes[this.#at] = tag;
    this.#at += 5;
    return this.#at - 4;
  }

  #list(items: readonly unknown[], depth: number): void {
    const start = this.#begin(Tag.List, depth);
    let count = 0;
    for (let index = 0; index < items.length && this.#at <= this.#longest; index++, count++) {
      if (!this.#value(items[index], `${index}`, depth - 1)) this.#tag(Tag.Null);
    }
    this.#count(count, start);
  }

  #object(members: Record<string, unknown>, depth: number): void {
    const start = this.#begin(Tag.Object, depth);
    let count = 0;
    for (const key of Object.keys(members)) {
      if (this.#at > this.#longest) break;
      const before = this.#at;
      this.#text(key);
      if (this.#value(members[key], key, depth - 1)) count++;
      else this.#at = before;
    }
    this.#count(count, start);
  }
}

/** As `JSON.stringify` sees it: `toJSON` is asked, and boxed values are what they box. */
function plain(value: unknown, key: string): unknown {
  if (value === null || value === undefined) return value;
  const toJson = (value as { toJSON?: unknown }).toJSON;
  const given = typeof toJson === "function" ? toJson.call(value, key) : value;
  return given instanceof String || given instanceof Number || given instanceof Boolean ? given.valueOf() : given;
}
