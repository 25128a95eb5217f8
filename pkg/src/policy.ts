// A loaded snapshot as JavaScript sees it: its own facts as properties, and the way to principals and decisions.

import { max_question_bytes, type RawPolicy, type RawPrincipal } from "./core.js";
import { argumentError, fromCore } from "./errors.js";
import { disposable, use } from "./handle.js";
import { Names } from "./intern.js";
import { toJson } from "./json.js";
import { PrincipalHandle } from "./principal.js";
import { clip, invalidQuestion } from "./question.js";
import { recordWriter } from "./record.js";
import type { Shared } from "./shared.js";
import type { Context, Counts, Decision, Holder, ListName, Policy, PrincipalRef, Question, SnapshotInfo, System, Warning } from "./types.js";

export class PolicyHandle implements Policy {
  readonly system: System;
  readonly format: number;
  readonly serverVersion?: string;
  readonly tenant?: string;
  readonly version?: string;
  readonly etag?: string;
  readonly issuedAt?: string;
  readonly expiresAt?: string;
  readonly counts: Counts;
  readonly warnings: readonly Warning[];
  readonly #shared: Shared;

  constructor(raw: RawPolicy) {
    const { attributes, ...info } = raw.info();
    Object.assign(this, info);
    // Said again for the compiler, which does not follow Object.assign.
    this.system = info.system;
    this.format = info.format;
    this.counts = info.counts;
    this.warnings = info.warnings;
    this.#shared = { names: new Names(), writeRecord: recordWriter(attributes), info, longest: max_question_bytes(), raw };
  }

  principal(who: PrincipalRef, context?: Context): PrincipalHandle {
    const raw = use(this.#shared.raw, "policy");
    let spec: string;
    try {
      spec = toJson({ principal: who, context });
    } catch (cause) {
      throw argumentError("the claims or the context cannot be written as JSON", cause);
    }
    let principal: RawPrincipal;
    try {
      principal = raw.principal(clip(spec, this.#shared.longest));
    } catch (thrown) {
      throw fromCore(thrown);
    }
    return new PrincipalHandle(principal, this.#shared);
  }

  decide(question: Question): Decision {
    const raw = use(this.#shared.raw, "policy");
    let text: string;
    try {
      text = toJson(question);
    } catch (thrown) {
      return invalidQuestion(this.#shared.info, "the question", thrown);
    }
    const decision = raw.decide(clip(text, this.#shared.longest));
    // Repeated as it was given: the caller may have several questions under way.
    const id: unknown = question?.id;
    return id === undefined ? decision : { id, ...decision };
  }

  list(name: "roles" | "groups"): Holder[];
  list(name: "principals", params?: Record<string, unknown>): Array<Record<string, unknown>>;
  list<T = unknown>(name: ListName, params?: Record<string, unknown>): T;
  list<T = unknown>(name: ListName, params: Record<string, unknown> = {}): T {
    const raw = use(this.#shared.raw, "policy");
    let text: string;
    try {
      text = toJson(params);
    } catch (cause) {
      throw argumentError("the parameters of the list cannot be written as JSON", cause);
    }
    try {
      return JSON.parse(raw.list(String(name), clip(text, this.#shared.longest))) as T;
    } catch (thrown) {
      throw fromCore(thrown);
    }
  }

  free(): void {
    this.#shared.raw?.free();
    this.#shared.raw = undefined;
  }
}

export interface PolicyHandle extends Disposable {}
disposable(PolicyHandle);
