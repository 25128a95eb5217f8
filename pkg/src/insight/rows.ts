// Answers by name: the core says which by a row of bits, and its names have crossed once. And explanations that are asked for again.

import type { Shared } from "../shared.js";
import type { Why } from "./types.js";

/** So many characters of explanations are kept for all principals of a policy together; then all of them are forgotten. */
const MOST_KEPT = 400_000;

/** What a policy and its principals have in common, and outlives the policy. */
export class Rows {
  readonly #shared: Shared;
  #lines: readonly string[] | undefined;
  /** By principal and permission. */
  readonly #kept = new Map<object, Map<string, Why>>();
  #left = MOST_KEPT;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** The texts of the lines of all lists. */
  lines(fetch: () => string): readonly string[] {
    return (this.#lines ??= JSON.parse(fetch()) as string[]);
  }

  kept(who: object, permission: string): Why | undefined {
    return this.#kept.get(who)?.get(permission);
  }

  /** Keeps an explanation that is so long as JSON, unless it would take too much room alone. It is given to whoever asks next. */
  keep(who: object, permission: string, why: Why, length: number): void {
    if (length > MOST_KEPT / 8) return;
    if (length > this.#left) {
      this.#kept.clear();
      this.#left = MOST_KEPT;
    }
    this.#left -= length;
    const own = this.#kept.get(who) ?? new Map<string, Why>();
    this.#kept.set(who, own.set(permission, frozen(why)));
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

/** Nobody may change what others are given too. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}
