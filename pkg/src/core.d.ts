// What the build makes of the Rust core: `build/gen/core.js`, put in place of "./core.js" by scripts/build.mjs.
// Hand-written, because the exports of the core are a contract and not a by-product of its build.

import type { Decision, DecidingGrant, SnapshotInfo } from "./types.js";

export class RawPolicy {
  info(): SnapshotInfo & { attributes: string[] };
  principal(spec: string): RawPrincipal;
  decide(question: string): Decision;
  action_id(permission: string): number;
  resource_id(permission: string): number;
  list(name: string, params: string): string;
  free(): void;
}

export class RawPrincipal {
  can_ids(action: number, resource: number): number;
  can(ask: string): number;
  decide(ask: string): Decision;
  permissions(): string[];
  grants(): DecidingGrant[];
  id(): string | undefined;
  free(): void;
}

export function load(bytes: Uint8Array): RawPolicy;
export function admit(bytes: number): void;
export function max_question_bytes(): number;
export function core_version(): string;

/** The import object a `WebAssembly.Instance` of the core needs. */
export function imports(): Record<string, Record<string, unknown>>;
/** Makes an instance the one that all exports above talk to. */
export function attach(instance: object, module: object | undefined): unknown;
