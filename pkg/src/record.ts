// What crosses of a record: the attributes that some rule of this policy reads, and nothing else. A record may be a class
// instance with getters, have a thousand fields or reach half of the database; none of that is looked at.

import type { RawPrincipal } from "./core.js";
import { isInherited } from "./reads.js";

export const DENIED = 0;
export const ALLOWED = 1;
/** The plan cannot tell: the core has to be asked in full. */
export const UNCLEAR = 2;
/** Plans have numbers from here on. */
const PLANNED = 3;
/** A policy has a handful of them. */
const MAX_SHAPES = 1_000;

/** Kinds of values, as src/wasm/plans.rs has them. */
const ABSENT = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const NUMBER = 4;
const TEXT = 5;

/** Texts by number, and the memory in which plans are asked. */
export interface PlanTexts {
  planning: boolean;
  /** A plan's values are no longer being put into place. */
  planned(): void;
  /** Empty when the memory has grown. */
  readonly doubles: Float64Array;
  look(): void;
  readonly constants: Map<string, number>;
  readonly shapes: Map<string, Shape>;
  other(text: string): number | undefined;
  /** The numbers of what stands for a question's own values. */
  readonly standIns?: readonly number[];
  /** Fetches what plans have brought since. */
  learn(): void;
}
/** Stands for what no plan can tell. */
const NOT_PLAIN = Symbol();

/** What plans read, in their order. Principals of equal roles read the same: they share it. */
export class Shape {
  /** The last name of each path, and those before it where there are any. */
  readonly names: readonly string[];
  readonly above: ReadonlyArray<readonly string[] | undefined>;
  /** Whether it counts that an attribute is the object's own. */
  readonly own: readonly boolean[];
  /** Attributes of the record itself, and nothing but their values counts. */
  readonly simple: boolean;
  /** Whether values are those of JavaScript, and not their JSON forms. */
  readonly exact: boolean;
  /** Some path leads through what every object inherits. */
  readonly inherited: boolean;
  /** All steps of all paths. */
  readonly steps: readonly string[];

  constructor(text: string) {
    const { exact, reads } = JSON.parse(text) as { exact: boolean; reads: Array<string | boolean> };
    const paths = reads.filter((read) => typeof read === "string").map((path) => path.split("."));
    this.names = paths.map((path) => path.at(-1)!);
    this.above = paths.map((path) => (path.length > 1 ? path.slice(0, -1) : undefined));
    this.own = reads.filter((read) => typeof read === "boolean");
    this.simple = paths.every((path) => path.length === 1 && path[0] !== "length") && !this.own.includes(true);
    this.exact = exact;
    this.inherited = paths.some((path) => path.some(isInherited));
    this.steps = [...new Set(paths.flat())];
  }

  static readonly NOTHING = new Shape('{"exact":false,"reads":[]}');

  /** The shape that this text describes. */
  static of(text: string, known: Map<string, Shape>): Shape {
    let shape = known.get(text);
    if (shape !== undefined) return shape;
    if (known.size >= MAX_SHAPES) known.clear();
    known.set(text, (shape = new Shape(text)));
    return shape;
  }
}

/** Values that are compared for equality, in place of which a plan has something else. */
export type OwnValues = ReadonlyArray<string | number>;

/** What deciding about records of one type takes, as the core has planned it for one principal. */
export class Plan {
  readonly #raw: Pick<RawPrincipal, "plan_reads" | "plan_slots" | "plan_holds">;
  readonly #shared: PlanTexts;
  /** The plan's number, or what comes of every record. */
  readonly #number: number;
  readonly #shape: Shape;
  /** Where the values are put: kind and value of each. */
  readonly #at: number;
  /** Whether an id is part of the path that is asked about. */
  readonly #hasPath: boolean;

  constructor(raw: Pick<RawPrincipal, "plan_reads" | "plan_slots" | "plan_holds">, shared: PlanTexts, number: number, hasPath: boolean) {
    const reads = number >= PLANNED;
    this.#raw = raw;
    this.#shared = shared;
    this.#shape = reads ? Shape.of(raw.plan_reads(number), shared.shapes) : Shape.NOTHING;
    this.#number = this.#shape.inherited ? UNCLEAR : number;
    this.#at = reads ? raw.plan_slots() / 8 : 0;
    this.#hasPath = hasPath;
    if (reads) shared.learn();
  }

  /**
   * Decides about a record by what the plan reads of it, and nothing else. `own`: the plan was made with something in place of these. Its getters may throw, ask again, or free who asks. */
  decide(record: Record<string, unknown>, own?: OwnValues): number {
    const shared = this.#shared;
    if (this.#number === UNCLEAR || shared.planning) return UNCLEAR;
    shared.planning = true;
    try {
      return this.#decide(record, own);
    } finally {
      shared.planned();
    }
  }

  #decide(record: Record<string, unknown>, own: OwnValues | undefined): number {
    const shared = this.#shared;
    const number = this.#number;
    if (this.#hasPath) {
      const id = record["id"];
      // Whichever it is, nothing is granted below the type; but an empty segment may be no path, and what is no text and no number no id.
      if (typeof id === "string" ? id.length === 0 || id.includes("/") : typeof id === "number" ? id - id !== 0 : id != null) return UNCLEAR;
    }
    if (number < UNCLEAR) return number;
    // A list is gone through, and has no attributes.
    if (Array.isArray(record)) return UNCLEAR;
    // Has the memory grown, nothing can be put there.
    if (shared.doubles.length === 0) shared.look();
    const { constants, doubles } = shared;
    const shape = this.#shape;
    const { names, simple, steps, exact } = shape;
    if (!exact && isTouched() && steps.some(isInherited)) return UNCLEAR;
    let at = this.#at;
    for (let index = 0; index < names.length; index++) {
      const value = simple ? record[names[index]!] : read(shape, record, index);
      const stands = own === undefined ? -1 : own.indexOf(value as string);
      if (stands >= 0) {
        doubles[at] = TEXT;
        doubles[at + 1] = shared.standIns![stands]!;
      } else if (typeof value === "string") {
        const constant = constants.get(value) ?? shared.other(value);
        if (constant === undefined) return UNCLEAR;
        doubles[at] = TEXT;
        doubles[at + 1] = constant;
      } else if (typeof value === "number" && value - value === 0) {
        doubles[at] = NUMBER;
        doubles[at + 1] = value;
      } else {
        const kind = kindOf(shape.exact, value, doubles, at + 1);
        // A date is compared as a number, and one of these may be the same.
        if (kind === undefined || (kind === NUMBER && own !== undefined)) return UNCLEAR;
        doubles[at] = kind;
      }
      at += 2;
    }
    // A getter may have made the memory grow, and what was put there is lost.
    return doubles.length === 0 ? UNCLEAR : this.#raw.plan_holds(number);
  }
}

const NOTHING = {};

/** Whether somebody has given all objects a member since the program began. An engine knows without looking; asking name by name would take longer than the rest. */
function isTouched(): boolean {
  for (const _ in NOTHING) return true;
  return false;
}

/** Of what is neither text nor a finite number. Apart, so that engines inline what asks most. */
function kindOf(exact: boolean, value: unknown, doubles: Float64Array, at: number): number | undefined {
  if (value === undefined) return ABSENT;
  if (value === null) return NULL;
  if (typeof value === "boolean") return value ? TRUE : FALSE;
  if (!exact || !(typeof value === "number" || value instanceof Date)) return undefined;
  doubles[at] = typeof value === "number" ? value : value.getTime();
  return NUMBER;
}

/** The value of an attribute that is more than a name, or what is no plain value. */
function read(shape: Shape, record: Record<string, unknown>, index: number): unknown {
  const name = shape.names[index]!;
  const host = hostOf(shape, record, shape.above[index] ?? []);
  const value = host?.[name];
  return host === undefined || (shape.own[index] && Object.hasOwn(host, name) !== (value !== undefined)) ? NOT_PLAIN : value;
}

/** What bears the last member of a path: through objects only, and where JSON forms count not through what has one of its own. */
function hostOf(shape: Shape, record: Record<string, unknown>, above: readonly string[]): Record<string, unknown> | undefined {
  let host: unknown = record;
  for (const name of above) {
    if (Array.isArray(host)) return undefined;
    host = (host as Record<string, unknown>)[name];
    if (typeof host !== "object" || host === null || (!shape.exact && "toJSON" in host)) return undefined;
  }
  return Array.isArray(host) ? undefined : (host as Record<string, unknown>);
}
