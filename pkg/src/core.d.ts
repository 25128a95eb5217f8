// What the build makes of the Rust core: `build/gen/core.js`, `build/gen/insight.js`, or `build/gen/reader.js`, put in place of
// "./core.js" by scripts/build.mjs. Hand-written, because the exports of the core are a contract and not a by-product of its build.

export class RawPolicy {
  info(): string;
  principal(text: Uint8Array, nodes: Uint32Array): RawPrincipal;
  named(id: string): RawPrincipal;
  decide(text: Uint8Array, nodes: Uint32Array): string;
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
  who(text: Uint8Array, nodes: Uint32Array): string;
  digest(text: Uint8Array, nodes: Uint32Array): string;
  diff(after: RawPolicy, text: Uint8Array, nodes: Uint32Array): string;
}

export class RawPrincipal {
  extend(): number;
  place(): number;
  known(): number;
  can(text: Uint8Array, nodes: Uint32Array): number;
  decide(text: Uint8Array, nodes: Uint32Array): string;
  permissions(): string;
  grants(): string;
  id(): string | undefined;
  plan(question: number): number;
  /** A JSON list of texts. */
  plan_reads(plan: number): string;
  plan_slots(plan: number): number;
  plan_holds(plan: number): number;
  free(): void;
  // Only in the insight build; the texts are JSON:
  filter(text: Uint8Array, nodes: Uint32Array): RawFilter;
  list(text: Uint8Array, nodes: Uint32Array): string;
  named(text: Uint8Array, nodes: Uint32Array): string;
  why(text: Uint8Array, nodes: Uint32Array): string;
  suggest(text: Uint8Array, nodes: Uint32Array): string;
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

/** The import object a `WebAssembly.Instance` of the core needs. */
export function imports(): Record<string, Record<string, unknown>>;
/** Makes an instance the one that all exports above talk to; its exports. */
export function attach(instance: object, module: object | undefined): { memory: { buffer: ArrayBuffer } };
