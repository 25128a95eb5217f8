// Values → what src/tagged.rs takes: a list of nodes, two words each, and the texts that they are about. What JSON would bend
// without saying so is refused: NaN and the infinities would arrive as `null`, and a rule may well be about `null`.

import { isWellFormed } from "./text.js";

/** As deep as the core reads. A loop is deeper. */
const MAX_DEPTH = 64;
/** Bytes kept between questions. A longer one gets memory of its own. */
const KEPT = 65_536;

const NULL = 0;
const BOOL = 1;
const NUMBER = 2;
const TEXT = 3;
const LIST = 4;
const OBJECT = 5;

/** Writes one value after the other into the same memory; good until the next one. */
export class Encoder {
  #text = new Uint8Array(1024);
  #length = 0;
  #nodes = new Uint32Array(256);
  #count = 0;
  readonly #encoder = new TextEncoder();
  readonly #longest: number;

  /** `longest`: of what is longer only so much is written that the core refuses it. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  get text(): Uint8Array {
    return this.#text.subarray(0, this.#length);
  }

  get nodes(): Uint32Array {
    return this.#nodes.subarray(0, this.#count);
  }

  /** Throws for what cannot be expressed: loops, bigints, numbers that are not finite, half surrogate pairs, getters that throw. */
  write(value: unknown): void {
    if (this.#text.length > KEPT) {
      this.#text = new Uint8Array(1024);
      this.#nodes = new Uint32Array(256);
    }
    this.#length = 0;
    this.#count = 0;
    // A function, a symbol or `undefined` in place of a value.
    if (!this.#value(value, "", MAX_DEPTH)) throw new TypeError(`there is no word for ${typeof value}`);
  }

  #node(kind: number, start: number, size: number): number {
    const at = this.#count;
    if (at + 2 > this.#nodes.length) {
      const old = this.#nodes;
      this.#nodes = new Uint32Array(old.length * 2);
      this.#nodes.set(old);
    }
    this.#nodes[at] = start;
    this.#nodes[at + 1] = (size << 3) | kind;
    this.#count = at + 2;
    return at;
  }

  /** A node with its text. Each UTF-16 unit is a byte at the least: of a long one as much as it takes to be refused. */
  #write(kind: number, text: string): void {
    const start = this.#length;
    const kept = text.length > this.#longest ? text.slice(0, this.#longest + 1) : text;
    const most = start + kept.length * 3;
    if (most > this.#text.length) {
      const old = this.#text;
      this.#text = new Uint8Array(Math.max(most, old.length * 2));
      this.#text.set(old);
    }
    const { written } = this.#encoder.encodeInto(kept, this.#text.subarray(start));
    this.#length = start + written;
    this.#node(kind, start, written);
  }

  #words(text: string): void {
    if (!isWellFormed(text)) throw new TypeError("half of a surrogate pair is no text");
    this.#write(TEXT, text);
  }

  /** Whether there was something to write. */
  #value(given: unknown, key: string, depth: number): boolean {
    const value = typeof given === "object" || typeof given === "bigint" ? plain(given, key) : given;
    switch (typeof value) {
      case "string":
        this.#words(value);
        return true;
      case "number":
        if (value - value !== 0) throw new TypeError(`there is no word for ${value}`);
        this.#write(NUMBER, `${value}`);
        return true;
      case "boolean":
        this.#node(BOOL, value ? 1 : 0, 0);
        return true;
      case "bigint":
        throw new TypeError("there is no word for bigint");
      case "object":
        if (value === null) this.#node(NULL, 0, 0);
        else if (depth === 0) throw new TypeError("it is nested too deep, or in a loop");
        else if (Array.isArray(value)) this.#list(value, depth - 1);
        else this.#object(value as Record<string, unknown>, depth - 1);
        return true;
      default:
        return false;
    }
  }

  /** Whether so much is written that the core refuses it. */
  #isLong(): boolean {
    return this.#length > this.#longest || this.#count > this.#longest;
  }

  #list(items: readonly unknown[], depth: number): void {
    const at = this.#node(LIST, 0, 0);
    let count = 0;
    for (; count < items.length && !this.#isLong(); count++) {
      if (!this.#value(items[count], `${count}`, depth)) this.#node(NULL, 0, 0);
    }
    this.#end(LIST, at, count);
  }

  #object(members: Record<string, unknown>, depth: number): void {
    const at = this.#node(OBJECT, 0, 0);
    let count = 0;
    for (const key of Object.keys(members)) {
      if (this.#isLong()) break;
      const before = this.#count;
      this.#words(key);
      if (this.#value(members[key], key, depth)) count++;
      else this.#count = before;
    }
    this.#end(OBJECT, at, count);
  }

  /** What is inside is written: where it ends, and how much it is. */
  #end(kind: number, at: number, count: number): void {
    this.#nodes[at] = this.#count / 2;
    this.#nodes[at + 1] = (count << 3) | kind;
  }
}

/** As `JSON.stringify` sees it: `toJSON` is asked, and boxed values are what they box. */
function plain(value: unknown, key: string): unknown {
  if (value === null || value === undefined) return value;
  const toJson = (value as { toJSON?: unknown }).toJSON;
  const given = typeof toJson === "function" ? toJson.call(value, key) : value;
  return given instanceof String || given instanceof Number || given instanceof Boolean ? given.valueOf() : given;
}
