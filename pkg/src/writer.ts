// The memory in which a question is written down, as src/tagged.rs takes it: a list of nodes, two words each, and the texts that
// they are about.

import { encoder } from "./utf8.js";

/** Bytes kept between questions. A longer one gets memory of its own. */
const KEPT = 65_536;

export const NULL = 0;
export const BOOL = 1;
export const NUMBER = 2;
export const TEXT = 3;
export const LIST = 4;
export const OBJECT = 5;
/** What only JavaScript has: see src/value/js.rs. */
export const JS = 7;

export class Writer {
  #text = new Uint8Array(1024);
  #length = 0;
  #nodes = new Uint32Array(256);
  #count = 0;
  readonly #encoder = encoder();
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

  /** Whether so much is written that the core refuses it. */
  get isLong(): boolean {
    return this.#length > this.#longest || this.#count > this.#longest;
  }

  clear(): void {
    if (this.#text.length > KEPT) {
      this.#text = new Uint8Array(1024);
      this.#nodes = new Uint32Array(256);
    }
    this.#length = 0;
    this.#count = 0;
  }

  /** A node; its place. */
  node(kind: number, start: number, size: number): number {
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

  /** A node with its text, which is well formed. Each UTF-16 unit is a byte at the least: of a long one as much as it takes to be refused. */
  write(kind: number, text: string): void {
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
    this.node(kind, start, written);
  }

  /** What is inside is written: where it ends, and how much it is. */
  end(kind: number, at: number, size: number): void {
    this.#nodes[at] = this.#count / 2;
    this.#nodes[at + 1] = (size << 3) | kind;
  }

  /** Takes back what was written from a place on. */
  back(at: number): void {
    this.#count = at;
  }

  /** Where the next node will stand. */
  get place(): number {
    return this.#count;
  }
}
