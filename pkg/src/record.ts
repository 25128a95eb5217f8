// What crosses of a record: the attributes that some rule of this policy reads, and nothing else. A record may be a class
// instance with getters, have a thousand fields or reach half of the database; none of that is looked at.

import type { RawPrincipal } from "./core.js";
import type { Shared } from "./shared.js";

/** Names such as `constructor` and `__proto__` exist on every object; they only count where the record itself has them. */
const isInherited = (name: string): boolean => name in Object.prototype;

/** The attributes for the core to look at in full. */
export function pick(record: object, attributes: readonly string[]): Record<string, unknown> {
  // Without a prototype, `__proto__` is a key like any other here.
  const copy: Record<string, unknown> = Object.create(null);
  for (const name of attributes) {
    if (isInherited(name) && !Object.prototype.hasOwnProperty.call(record, name)) continue;
    const value = (record as Record<string, unknown>)[name];
    if (value !== undefined) copy[name] = value;
  }
  return copy;
}

export const DENIED = 0;
export const ALLOWED = 1;
/** The plan cannot tell: the core has to be asked in full. */
export const UNCLEAR = 2;
/** Plans have numbers from here on. */
const PLANNED = 3;

/** Kinds of values, as src/binding/principal.rs has them. */
const ABSENT = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const NUMBER = 4;
const TEXT = 5;

/** What deciding about records of one type takes, as the core has planned it for one principal. */
export class Plan {
  readonly #raw: RawPrincipal;
  readonly #shared: Shared;
  /** The plan's number, or what comes of every record. */
  readonly #number: number;
  /** What the plan reads, in its order. */
  readonly #attributes: readonly string[];
  /** Where the values are put: kind and value of each. */
  readonly #at: number;
  /** Whether an id is part of the path that is asked about. */
  readonly #hasPath: boolean;

  constructor(raw: RawPrincipal, shared: Shared, question: number) {
    // Texts that a plan brings are fetched from the policy. Were it freed, they would pass for texts that nothing is compared with.
    const number = shared.raw === undefined ? UNCLEAR : raw.plan(question);
    const reads = number >= PLANNED ? (JSON.parse(raw.plan_reads(number)) as string[]) : [];
    this.#raw = raw;
    this.#shared = shared;
    this.#number = reads.some(isInherited) ? UNCLEAR : number;
    this.#attributes = reads;
    this.#at = number >= PLANNED ? raw.plan_slots(number) / 8 : 0;
    this.#hasPath = shared.attributes.includes("id");
    if (number >= PLANNED) shared.learn();
  }

  /** Decides about a record by what the plan reads of it, and nothing else. Its getters may throw, ask again, or free who asks. */
  decide(record: Record<string, unknown>): number {
    const shared = this.#shared;
    if (this.#number === UNCLEAR || shared.planning) return UNCLEAR;
    shared.planning = true;
    try {
      return this.#decide(record);
    } finally {
      shared.planned();
    }
  }

  #decide(record: Record<string, unknown>): number {
    const shared = this.#shared;
    const number = this.#number;
    if (this.#hasPath) {
      const id = record["id"];
      // Whatever it is, nothing is granted below the type; but an empty segment is no path.
      if (typeof id === "string" && (id.length === 0 || id.includes("/"))) return UNCLEAR;
    }
    if (number < UNCLEAR) return number;
    // Has the memory grown, nothing can be put there.
    if (shared.doubles.length === 0) shared.look();
    const { constants, doubles } = shared;
    const attributes = this.#attributes;
    let at = this.#at;
    for (let index = 0; index < attributes.length; index++) {
      const value = record[attributes[index]!];
      if (typeof value === "string") {
        const constant = constants.get(value) ?? shared.other(value);
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
    return doubles.length === 0 ? UNCLEAR : this.#raw.plan_holds(number);
  }
}
