// What crosses of a record: the attributes that some rule of this policy reads, and nothing else. A record may be a class
// instance with getters, have a thousand fields or reach half of the database; none of that is looked at.

import type { RawPrincipal } from "./core.js";
import type { Shared } from "./shared.js";
import { isPlain } from "./text.js";

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

const enum Kind {
  Absent,
  Null,
  False,
  True,
  Number,
  Text,
}

/** A text that nothing is compared with. */
const OTHER = 0xffff_ffff;

/** What deciding about records of one type takes, as the core has planned it for one principal. */
export class Plan {
  readonly #raw: RawPrincipal;
  readonly #shared: Shared;
  /** The plan's number, or what comes of every record. */
  readonly #number: number;
  /** What the plan reads, in its order; then what any rule of the policy reads, which has to be plain as well. */
  readonly #attributes: readonly string[];
  readonly #written: number;
  /** Where the values are put: kind and value of each. */
  readonly #at: number;
  /** Whether every name can be read straight from the record. */
  readonly #simple: boolean;

  constructor(raw: RawPrincipal, shared: Shared, question: number) {
    this.#raw = raw;
    this.#shared = shared;
    this.#number = raw.plan(question);
    const planned = this.#number >= PLANNED;
    const reads = planned ? raw.plan_reads(this.#number) : [];
    this.#written = reads.length;
    this.#attributes = [...reads, ...shared.attributes.filter((name) => !reads.includes(name))];
    this.#simple = !this.#attributes.some(isInherited);
    this.#at = planned ? raw.plan_slots(this.#number) / 8 : 0;
    if (planned) shared.learn();
  }

  /** Decides about a record. Its getters may throw. */
  decide(record: Record<string, unknown>): number {
    const shared = this.#shared;
    const number = this.#number;
    if (number === UNCLEAR || !this.#simple) return UNCLEAR;
    // Has the memory grown, nothing can be put there.
    if (shared.doubles.length === 0) shared.look();
    const { constants, doubles } = shared;
    const attributes = this.#attributes;
    let at = this.#at;
    for (let index = 0; index < attributes.length; index++) {
      const name = attributes[index]!;
      const value = record[name];
      let kind: Kind;
      let content = 0;
      if (typeof value === "string") {
        const constant = constants.get(value);
        // An id may be a path, on which there may be grants.
        if (constant === undefined ? !isPlain(value) || (name === "id" && !isSegment(value)) : name === "id" && !isSegment(value)) return UNCLEAR;
        kind = Kind.Text;
        content = constant ?? OTHER;
      } else if (typeof value === "number") {
        if (value - value !== 0) return UNCLEAR;
        kind = Kind.Number;
        content = value;
      } else if (typeof value === "boolean") kind = value ? Kind.True : Kind.False;
      else if (value === undefined) kind = Kind.Absent;
      else if (value === null) kind = Kind.Null;
      else return UNCLEAR;
      if (index < this.#written) {
        doubles[at] = kind;
        doubles[at + 1] = content;
        at += 2;
      }
    }
    return number < UNCLEAR ? number : this.#raw.plan_holds(number);
  }
}

const isSegment = (id: string): boolean => id.length > 0 && !id.includes("/");
