// Names that rules bear, by number. Abilities made one after the other share them, so that a question about any of them looks up the
// same two numbers. What is merely asked for is never entered: no rule can be about it.

import { Constants } from "./constants.js";
import { Forms } from "./form.js";
import type { Reads } from "../reads.js";

/** Entries of one kind before the next abilities begin anew. Those made before keep what they have. */
const MOST = 4096;
/** Actions times types: so many fit into a megabyte. */
const MOST_QUESTIONS = 1 << 18;

/** The number of whatever no rule names. */
export const UNNAMED = 0;

export class Names {
  /** Texts that conditions compare with. */
  readonly constants = new Constants();
  /** Rules by these numbers. */
  readonly forms = new Forms(this.constants);
  /** What plain conditions read of records, by what these are but for their values. */
  readonly #reads = new Map<string, Reads>();
  readonly actions = new Map<unknown, number>();
  readonly types = new Map<unknown, number>();
  /** Actions by number. */
  readonly named: unknown[] = [undefined];
  /** Questions about types, by action and type: their numbers, plus one. */
  #questions = new Uint32Array(0);
  #columns = 0;
  #count = 0;

  reads(shape: string): Reads | undefined {
    return this.#reads.get(shape);
  }

  learn(shape: string, reads: Reads): void {
    if (this.#reads.size >= MOST) this.#reads.clear();
    this.#reads.set(shape, reads);
  }

  action(name: unknown): number {
    let number = this.actions.get(name);
    if (number === undefined) {
      number = this.named.push(name) - 1;
      this.actions.set(name, number);
    }
    return number;
  }

  type(name: unknown): number {
    let number = this.types.get(name);
    if (number === undefined) this.types.set(name, (number = this.types.size + 1));
    return number;
  }

  get isFull(): boolean {
    return this.actions.size >= MOST || this.types.size >= MOST || this.constants.isFull;
  }

  /** The number of a question; `-1` where too many could be asked. */
  question(action: number, type: number): number {
    if (type < this.#columns) {
      const known = this.#questions[action * this.#columns + type];
      if (known !== undefined && known > 0) return known - 1;
    }
    return this.#enter(action, type);
  }

  #enter(action: number, type: number): number {
    const rows = this.actions.size + 1;
    const columns = type < this.#columns ? this.#columns : 2 ** Math.ceil(Math.log2(this.types.size + 2));
    if (rows * columns > MOST_QUESTIONS) return -1;
    if (columns !== this.#columns || rows * columns > this.#questions.length) {
      const grown = new Uint32Array(2 * rows * columns);
      for (let at = 0; at < this.#questions.length; at++) {
        const number = this.#questions[at]!;
        if (number > 0) grown[Math.floor(at / this.#columns) * columns + (at % this.#columns)] = number;
      }
      this.#questions = grown;
      this.#columns = columns;
    }
    this.#questions[action * columns + type] = ++this.#count;
    return this.#count - 1;
  }
}

let current = new Names();

/** The names for the next ability. */
export function names(): Names {
  if (current.isFull) current = new Names();
  return current;
}
