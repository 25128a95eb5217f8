// What a policy and the principals taken from it have in common, and outlives the policy: names by number, and the memory in which
// the core keeps its answers.

import { max_question_bytes, memory, type RawPolicy, type RawPrincipal } from "./core.js";
import { Encoder } from "./encode.js";
import { argumentError } from "./errors.js";
import type { Shape } from "./record.js";
import { isPlain } from "./text.js";
import type { SnapshotInfo } from "./types.js";

/** An application asks for a few hundred names. More than this are made up from data, and must not fill the memory. */
const MAX_NAMES = 10_000;
/** No name is as long as this. */
const MAX_LENGTH = 1_000;
/** Actions times types: so many fit into a megabyte. */
const MAX_KINDS = 1 << 18;
/** Texts that are kept although nothing is compared with them. */
const MAX_OTHERS = 1_000;
/** Their number. */
const OTHER = 0xffff_ffff;

const isName = (text: unknown): text is string => typeof text === "string" && text.length > 0 && text.length <= MAX_LENGTH && isPlain(text);

export class Shared {
  readonly info: SnapshotInfo;
  /** Top-level attributes of records that some condition reads. */
  readonly attributes: readonly string[];
  #encoder: Encoder | undefined;
  readonly #longest = max_question_bytes();
  /** Whether a plan's values are being put into place: a getter of a record may ask again meanwhile. */
  planning = false;
  /** Freed meanwhile: values may still be put into their memory. */
  readonly #leaving: RawPrincipal[] = [];
  /** `undefined` once the policy is freed: names met for the first time are then asked for in full. */
  raw: RawPolicy | undefined;

  /** Permissions that were asked for, and their numbers. */
  readonly permissions = new Map<string, number>();
  /** Actions and types that were asked for: their places in {@link kinds}. */
  readonly actions = new Map<string, number>();
  readonly types = new Map<string, number>();
  /** By action and type, the number of the question, plus one; 0 for none. */
  kinds = new Uint32Array(0);
  /** Types in a row of {@link kinds}: a power of two, as a shift. */
  shift = 4;
  #count = 0;

  /** The core's memory. Empty when the memory has grown, and to be looked for anew. */
  words = new Uint32Array(0);
  doubles = new Float64Array(0);

  /** Texts that conditions compare with, by number; and some that they do not, so that those need not be looked at again. */
  readonly constants = new Map<string, number>();
  /** What plans read. */
  readonly shapes = new Map<string, Shape>();
  #others = 0;
  #constants = 0;
  readonly #clock: () => number | Date;
  #isTimed: boolean | undefined;

  constructor(
    raw: RawPolicy,
    /** How records say themselves of which type they are, where they may. */
    readonly typeOf: ((record: object) => unknown) | undefined,
    clock: (() => number | Date) | undefined,
  ) {
    this.#clock = clock ?? Date.now;
    const { attributes, ...info } = JSON.parse(raw.info()) as SnapshotInfo & { attributes: string[] };
    this.info = info;
    this.attributes = attributes;
    this.raw = raw;
  }

  /** Whether some answers change by themselves as time passes. Of other policies nobody looks at a clock. */
  get isTimed(): boolean {
    return (this.#isTimed ??= this.raw!.is_timed());
  }

  /** The time, for who is asked about without one; `undefined` where it does not count. In milliseconds since 1970. */
  get time(): number | undefined {
    return this.isTimed ? this.now() : undefined;
  }

  now(): number {
    const time = +this.#clock();
    if (!Number.isFinite(time)) throw argumentError("the clock of the policy gave no time");
    return time;
  }

  /** Writes a value down: see `Encoder`. The memory is good until the next question. */
  encode(value: unknown, open?: number): Encoder {
    // A getter or a `toJSON` on the way may ask a question of its own, which must not be written into this one.
    const encoder = this.#encoder ?? new Encoder(this.#longest);
    this.#encoder = undefined;
    try {
      encoder.write(value, open);
      return encoder;
    } finally {
      this.#encoder = encoder;
    }
  }

  /** How many questions have a number. */
  get count(): number {
    return this.#count;
  }

  /** The number of a permission; `undefined` for what has to be asked in full. */
  permission(text: string): number | undefined {
    return this.permissions.get(text) ?? (this.#takes(text) ? this.#enter(this.permissions, text, this.raw!.permission(text)) : undefined);
  }

  /** The number of an action on a type. */
  kind(action: string, type: string): number | undefined {
    const row = this.actions.get(action);
    const column = this.types.get(type);
    const known = row !== undefined && column !== undefined ? this.kinds[row + column]! : 0;
    if (known > 0) return known - 1;
    if (!this.#takes(action) || !this.#takes(type) || !this.#makeRoom(action, type)) return undefined;
    const at = this.actions.get(action)! + this.types.get(type)!;
    const number = this.raw!.kind(action, type);
    this.kinds[at] = number + 1;
    this.#count++;
    return number;
  }

  /** A row for the action and a column for the type, unless that would be too many. */
  #makeRoom(action: string, type: string): boolean {
    const { actions, types } = this;
    const rows = actions.size + (actions.has(action) ? 0 : 1);
    const columns = types.size + (types.has(type) ? 0 : 1);
    let shift = this.shift;
    while (columns > 1 << shift) shift++;
    if (rows << shift > MAX_KINDS) return false;
    if (!types.has(type)) types.set(type, types.size);
    if (!actions.has(action)) actions.set(action, actions.size << this.shift);
    if (shift !== this.shift || rows << shift > this.kinds.length) {
      const old = this.kinds;
      const before = this.shift;
      this.kinds = new Uint32Array(Math.max(rows << shift, old.length * 2));
      for (let at = 0; at < old.length; at++) this.kinds[((at >> before) << shift) + (at & ((1 << before) - 1))] = old[at]!;
      for (const [name, row] of actions) actions.set(name, (row >> before) << shift);
      this.shift = shift;
    }
    return true;
  }

  #takes(text: string): boolean {
    return this.raw !== undefined && this.#count < MAX_NAMES && isName(text);
  }

  #enter(names: Map<string, number>, name: string, number: number): number {
    names.set(name, number);
    this.#count++;
    return number;
  }

  /** Frees a principal, or will as soon as no plan is at work. */
  release(raw: RawPrincipal): void {
    if (this.planning) this.#leaving.push(raw);
    else raw.free();
  }

  /** The values of a plan have been put into place. */
  planned(): void {
    this.planning = false;
    while (this.#leaving.length > 0) this.#leaving.pop()!.free();
  }

  /** Looks for the core's memory where it is now. */
  look(): void {
    const { buffer } = memory();
    if (this.words.buffer === buffer) return;
    this.words = new Uint32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  /** The number of a text that nothing is compared with; `undefined` for one that the core would not take. */
  other(text: string): number | undefined {
    if (!isPlain(text)) return undefined;
    if (this.#others < MAX_OTHERS && text.length <= MAX_LENGTH) {
      this.#others++;
      this.constants.set(text, OTHER);
    }
    return OTHER;
  }

  /** Fetches the constants that plans have brought since. Only while the policy is there. */
  learn(): void {
    const texts = JSON.parse(this.raw!.constants(this.#constants)) as string[];
    for (const text of texts) this.constants.set(text, this.#constants++);
  }
}
