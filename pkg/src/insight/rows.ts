// Answers by name: the core says which by a row of bits, and its names have crossed once. And explanations that are asked for again.

import type { Shared } from "../shared.js";
import type { Why } from "./types.js";

/** So many characters of explanations are kept for all principals of a policy together; then all of them are forgotten. */
const MOST_KEPT = 500_000;

/** What a policy and its principals have in common, and outlives the policy. */
export class Rows {
  readonly #shared: Shared;
  #lines: readonly string[] | undefined;
  /** By principal and permission. */
  readonly #kept = new Map<object, Map<string, Why | string>>();
  #left = MOST_KEPT;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** The texts of the lines of all lists. */
  lines(fetch: () => string): readonly string[] {
    return (this.#lines ??= JSON.parse(fetch()) as string[]);
  }

  kept(who: object, permission: string): Why | undefined {
    const own = this.#kept.get(who);
    const kept = own?.get(permission);
    if (typeof kept !== "string") return kept;
    // Asked for the second time: whoever asks next is given the same.
    const why = frozen(JSON.parse(kept) as Why);
    own!.set(permission, why);
    return why;
  }

  /** Keeps an explanation, as JSON text, unless it would take too much room alone. */
  keep(who: object, permission: string, text: string): void {
    if (text.length > MOST_KEPT / 8) return;
    if (text.length > this.#left) {
      this.#kept.clear();
      this.#left = MOST_KEPT;
    }
    this.#left -= text.length;
    const own = this.#kept.get(who) ?? new Map<string, Why | string>();
    this.#kept.set(who, own.set(permission, text));
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
