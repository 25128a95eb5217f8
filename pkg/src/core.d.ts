// What the build makes of the Rust core: `build/gen/core.js`, `insight.js`, `reader.js` or `casl.js` there, put in place of
// "./core.js" by scripts/build.mjs. Hand-written, because the exports of the core are a contract and not a by-product of its build.

export class RawPolicy {
  info(): string;
  /** Whether some answers hang on the time. `clock`, here and below: the time where the context does not say, in milliseconds since 1970. */
  is_timed(): boolean;
  principal(text: Uint8Array, nodes: Uint32Array, clock?: number): RawPrincipal;
  named(id: string, clock?: number): RawPrincipal;
  decide(text: Uint8Array, nodes: Uint32Array, clock?: number): string;
  permission(text: string): number;
  kind(action: string, type: string): number;
  /** A JSON list of texts. */
  constants(from: number): string;
  free(): void;
  // Only in the full build:
  bytes(): Uint8Array;
  /** JSON. */
  layout(): string;
  slice(text: Uint8Array, nodes: Uint32Array): Uint8Array;
  list(name: string, text: Uint8Array, nodes: Uint32Array): string;
  // Only in the insight build; the texts are JSON:
  who_reads(text: Uint8Array, nodes: Uint32Array): string;
  /** Where the row is: a bit for each id. */
  who_row(asked: string, kind: string | undefined, clock?: number): number;
  ids(): string;
  who(text: Uint8Array, nodes: Uint32Array): string;
  digest(text: Uint8Array, nodes: Uint32Array): string;
  diff(after: RawPolicy, text: Uint8Array, nodes: Uint32Array): string;
}

export class RawPrincipal {
  /** The same principal at another time, where that changes an answer. */
  at(clock: number): RawPrincipal | undefined;
  extend(): number;
  place(): number;
  known(): number;
  can(text: Uint8Array, nodes: Uint32Array): number;
  decide(text: Uint8Array, nodes: Uint32Array): string;
  permissions(): string;
  grants(): string;
  id(): string | undefined;
  /** JSON: what `Reads` takes. */
  reads(action: string, type: string): string;
  plan(question: number): number;
  /** JSON: `exact`, and `reads`, path and whether it counts that it is the object's own in turn. */
  plan_reads(plan: number): string;
  plan_slots(): number;
  plan_holds(plan: number): number;
  free(): void;
  // Only in the insight build; the texts are JSON:
  filter(text: Uint8Array, nodes: Uint32Array): RawFilter;
  list(text: Uint8Array, nodes: Uint32Array): string;
  list_row(): string | undefined;
  lines(): string;
  named(text: Uint8Array, nodes: Uint32Array): string;
  why(text: Uint8Array, nodes: Uint32Array): string;
  suggest(text: Uint8Array, nodes: Uint32Array): string;
  suggest_reads(action: string, type: string): string;
  /** No JSON: the hash itself. */
  digest(): string;
}

/** Only in the insight build. */
export class RawFilter {
  kind(): "all" | "none" | "conditions" | "error";
  ast(): string;
  /** A JSON list of texts. */
  reads(): string;
  holds(text: Uint8Array, nodes: Uint32Array): boolean;
  mongo(): string;
  sql(text: Uint8Array, nodes: Uint32Array): string;
  free(): void;
}

export function max_snapshot_bytes(): number;
export function max_question_bytes(): number;
export function core_version(): string;
/** Only in the reader. */
export function open(bytes: Uint8Array): RawPolicy;
/** Only in the full build. */
export function load(bytes: Uint8Array): RawPolicy;
/** Only in the insight build. */
export function load_strict(bytes: Uint8Array): RawPolicy;
/** Only in the insight build: a JSON list. */
export function lint(bytes: Uint8Array): string;
/** Only in the insight build: options as JSON text, and so is what is found. */
export function findings(snapshot: Uint8Array, options: string): string;
/** Only in the insight build: JSON. */
export function edit(snapshot: Uint8Array, edits: Uint8Array): string;

/** Only in the build for `latchgate/casl`. */
export class RawAbility {
  constructor(words: Uint32Array, text: Uint8Array, nodes: Uint32Array, anyAction: number, anySubject: number);
  may(action: number, type: number): number;
  of_type(action: number, type: number, field: string | undefined): number;
  of_record(action: number, type: number, field: string | undefined, text: Uint8Array, nodes: Uint32Array): number;
  once(action: number, type: number, field: string | undefined, text: Uint8Array, nodes: Uint32Array): number;
  alike(): RawAbility;
  sentence(): string;
  possible(action: number, type: number): Uint32Array;
  actions(type: number): Uint32Array;
  unread(action: number, type: number, isType: boolean): Uint32Array;
  give(rule: number, text: Uint8Array, nodes: Uint32Array): void;
  forget(): void;
  /** As JSON, for `Reads`. */
  reads(action: number, type: number): string;
  plan(texts: RawTexts, action: number, type: number): number;
  /** As that of a principal. */
  plan_reads(plan: number): string;
  plan_slots(): number;
  plan_holds(plan: number): number;
  free(): void;
}
export class RawCondition {
  constructor(text: Uint8Array, nodes: Uint32Array);
  is_empty(): boolean;
  sentence(): string;
  /** As JSON, for `Reads`. */
  reads(): string;
  holds(text: Uint8Array, nodes: Uint32Array): number;
  free(): void;
}
export class RawTexts {
  constructor();
  /** A JSON list of texts. */
  from(number: number): string;
  free(): void;
}
export class RawFields {
  constructor(text: Uint8Array, nodes: Uint32Array);
  matches(field: string): boolean;
  free(): void;
}

/** The import object a `WebAssembly.Instance` of the core needs. */
export function imports(): Record<string, Record<string, unknown>>;
/** Makes an instance the one that all exports above talk to. */
export function attach(instance: object): void;
/** Its memory, where it keeps the answers that are read from here. */
export function memory(): { buffer: ArrayBuffer };
