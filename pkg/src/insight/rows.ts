// Answers by name: the core says which by a row of bits, and its names have crossed once.

import type { Shared } from "../shared.js";

/** What a policy and its principals have in common, and outlives the policy. */
export class Rows {
  readonly #shared: Shared;
  #lines: readonly string[] | undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** The texts of the lines of all lists. */
  lines(fetch: () => string): readonly string[] {
    return (this.#lines ??= JSON.parse(fetch()) as string[]);
  }

  /** The names with a bit in the words from an address on. */
  named(place: number, names: readonly string[]): string[] {
    this.#shared.look();
    const { words } = this.#shared;
    const found: string[] = [];
    for (let first = 0, at = place >>> 2; first < names.length; first += 32, at++) {
      for (let left = words[at]!; left !== 0; left &= left - 1) found.push(names[first + 31 - Math.clz32(left & -left)]!);
    }
    return found;
  }
}
