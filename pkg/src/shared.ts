// What a policy and the principals taken from it have in common, and outlives the policy: names by number, and the memory in which
// the core keeps its answers.

import { max_question_bytes, type RawPolicy } from "./core.js";
import { Encoder } from "./encode.js";
import { memory } from "./runtime.js";
import { isPlain } from "./text.js";
import type { SnapshotInfo } from "./types.js";

/** An application asks for a few hundred names. More than this are made up from data, and must not fill the memory. */
const MAX_NAMES = 10_000;
/** No name is as long as this. */
const MAX_LENGTH = 1_000;

const isName = (text: unknown): text is string => typeof text === "string" && text.length > 0 && text.length <= MAX_LENGTH && isPlain(text);

export class Shared {
  readonly info: SnapshotInfo;
  /** Top-level attributes of records that some condition reads. */
  readonly attributes: readonly string[];
  readonly encoder: Encoder;
  /** `undefined` once the policy is freed: names met for the first time are then asked for in full. */
  raw: RawPolicy | undefined;

  /** Permissions that were asked for, and their numbers. */
  readonly permissions = new Map<string, number>();
  /** Actions and types that were asked for. */
  readonly kinds = new Map<string, Map<string, number>>();
  #count = 0;

  /** The core's memory. Empty when the memory has grown, and to be looked for anew. */
  words = new Uint32Array(0);
  doubles = new Float64Array(0);

  /** Texts that conditions compare with, by number. */
  readonly constants = new Map<string, number>();
  #constants = 0;

  constructor(raw: RawPolicy) {
    const { attributes, ...info } = JSON.parse(raw.info()) as SnapshotInfo & { attributes: string[] };
    this.info = info;
    this.attributes = attributes;
    this.encoder = new Encoder(max_question_bytes());
    this.raw = raw;
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
    const known = this.kinds.get(action)?.get(type);
    if (known !== undefined || !this.#takes(action) || !this.#takes(type)) return known;
    let types = this.kinds.get(action);
    if (types === undefined) this.kinds.set(action, (types = new Map()));
    return this.#enter(types, type, this.raw!.kind(action, type));
  }

  #takes(text: string): boolean {
    return this.raw !== undefined && this.#count < MAX_NAMES && isName(text);
  }

  #enter(names: Map<string, number>, name: string, number: number): number {
    names.set(name, number);
    this.#count++;
    return number;
  }

  /** Looks for the core's memory where it is now. */
  look(): void {
    const { buffer } = memory();
    if (this.words.buffer === buffer) return;
    this.words = new Uint32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  /** Fetches the constants that plans have brought since. */
  learn(): void {
    for (const text of this.raw?.constants(this.#constants) ?? []) this.constants.set(text, this.#constants++);
  }
}
