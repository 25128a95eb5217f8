// What deciding about records of one type takes, as the core has planned it: the attributes that it reads, and one call.

import type { RawAbility } from "../core.js";
import { isInherited } from "../reads.js";
import { ask } from "./ask.js";
import type { Constants } from "./constants.js";

export const ALLOWED = 1;
/** The plan cannot tell: the core has to be asked in full. */
export const UNCLEAR = 2;
/** Plans have numbers from here on. */
const PLANNED = 3;

/** Kinds of values, as src/binding/plans.rs has them. */
const ABSENT = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const NUMBER = 4;
const TEXT = 5;

export class Plan {
  readonly #raw: RawAbility;
  readonly #constants: Constants;
  /** The plan's number, or what comes of every record. */
  readonly #number: number;
  /** What the plan reads, in its order. */
  readonly #attributes: readonly string[];
  /** Where the values are put: kind and value of each. */
  readonly #at: number;

  constructor(raw: RawAbility, constants: Constants, action: number, type: number) {
    const number = ask(() => raw.plan(constants.raw, action, type));
    const reads = number >= PLANNED ? (JSON.parse(raw.plan_reads(number)) as string[]) : [];
    this.#raw = raw;
    this.#constants = constants;
    this.#number = reads.some(isInherited) ? UNCLEAR : number;
    this.#attributes = reads;
    this.#at = number >= PLANNED ? raw.plan_slots(number) / 8 : 0;
    if (number >= PLANNED) constants.learn();
  }

  /** Decides about a record by what the plan reads of it, and nothing else. Its getters may throw, or ask again. */
  decide(record: Record<string, unknown>): number {
    const constants = this.#constants;
    if (this.#number <= UNCLEAR) return this.#number;
    if (constants.planning) return UNCLEAR;
    constants.planning = true;
    try {
      return this.#decide(record, constants);
    } finally {
      constants.planning = false;
    }
  }

  #decide(record: Record<string, unknown>, constants: Constants): number {
    // Has the memory grown, nothing can be put there.
    if (constants.doubles.length === 0) constants.look();
    const { numbers, doubles } = constants;
    const attributes = this.#attributes;
    let at = this.#at;
    for (let index = 0; index < attributes.length; index++) {
      const name = attributes[index]!;
      const value = record[name];
      // Own and undefined, or inherited and something: there is a difference, which a plan does not know.
      if (Object.hasOwn(record, name) === (value === undefined)) return UNCLEAR;
      if (typeof value === "string") {
        const constant = numbers.get(value) ?? constants.other(value);
        if (constant === undefined) return UNCLEAR;
        doubles[at] = TEXT;
        doubles[at + 1] = constant;
      } else if (typeof value === "number") {
        if (value - value !== 0) return UNCLEAR;
        doubles[at] = NUMBER;
        doubles[at + 1] = value;
      } else if (value === undefined) doubles[at] = ABSENT;
      else if (value === null) doubles[at] = NULL;
      else if (typeof value === "boolean") doubles[at] = value ? TRUE : FALSE;
      else return UNCLEAR;
      at += 2;
    }
    // A getter may have made the memory grow, and what was put there is lost.
    return doubles.length === 0 ? UNCLEAR : this.#raw.plan_holds(this.#number);
  }
}
