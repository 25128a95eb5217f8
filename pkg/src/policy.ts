// A loaded snapshot as JavaScript sees it: its own facts as properties, and the way to principals and decisions.

import { mustBeText } from "./arguments.js";
import type { RawPolicy, RawPrincipal } from "./core.js";
import type { Encoder } from "./encode.js";
import { argumentError, fromCore, unwritable } from "./errors.js";
import { described, disposable, use } from "./handle.js";
import { PermissionHandle, PermissionList } from "./permission.js";
import { PrincipalHandle } from "./principal.js";
import { invalidQuestion } from "./question.js";
import { clockOf, typeReader } from "./resource.js";
import { Shared } from "./shared.js";
import { isPlain } from "./text.js";
import type { CompiledPolicy, Context, Claim, Counts, Decision, LoadOptions, PrincipalRef, Question, System, Warning } from "./types.js";

export class PolicyHandle implements CompiledPolicy {
  // What the core says of a snapshot, all at once: nothing of it is a field by itself.
  declare readonly system: System;
  declare readonly format: number;
  declare readonly serverVersion?: string;
  declare readonly tenant?: string;
  declare readonly version?: string;
  declare readonly etag?: string;
  declare readonly issuedAt?: string;
  declare readonly expiresAt?: string;
  declare readonly counts: Counts;
  declare readonly warnings: readonly Warning[];
  declare readonly claims: readonly Claim[];
  readonly #shared: Shared;

  constructor(raw: RawPolicy, options?: Pick<LoadOptions, "recordType" | "clock">) {
    this.#shared = new Shared(raw, typeReader(options), clockOf(options));
    Object.assign(this, this.#shared.info);
  }

  permission<P extends string>(name: P): PermissionHandle<P> {
    use(this.#shared.raw, "policy");
    return new PermissionHandle(mustBeText(name, "the permission"), this.#shared);
  }

  permissions<P extends string>(names: readonly P[]): PermissionList<P> {
    use(this.#shared.raw, "policy");
    // Copied first: `some` would pass over places that hold nothing.
    const list = Array.isArray(names) ? [...names] : undefined;
    if (list === undefined || list.some((name) => typeof name !== "string")) throw argumentError("a list of permissions is needed");
    return new PermissionList(list, this.#shared);
  }

  principal(who: PrincipalRef, context?: Context): PrincipalHandle {
    const raw = use(this.#shared.raw, "policy");
    const { time } = this.#shared;
    if (context === undefined && typeof who === "string" && isPlain(who) && who.length < 10_000) {
      return this.ready(raw.named(who, time), this.#shared);
    }
    const { text, nodes } = this.encode({ principal: who, context }, "the claims or the context");
    return this.ready(
      this.core(() => this.raw.principal(text, nodes, time)),
      this.#shared,
    );
  }

  protected ready(raw: RawPrincipal, shared: Shared): PrincipalHandle {
    return new PrincipalHandle(raw, shared);
  }

  decide(question: Question): Decision {
    use(this.#shared.raw, "policy");
    const isObject = typeof question === "object" && question !== null && !Array.isArray(question);
    const { time } = this.#shared;
    let encoder: Encoder;
    try {
      encoder = this.#shared.encode(isObject ? membersOf(question) : question, 3);
    } catch (thrown) {
      return invalidQuestion(this.#shared.info, "the question", thrown);
    }
    // Asked for anew: a getter of the question may have freed it.
    const decision = JSON.parse(this.raw.decide(encoder.text, encoder.nodes, time)) as Decision;
    // Repeated as it was given: the caller may have several questions under way.
    const id: unknown = question?.id;
    return id === undefined ? decision : { id, ...decision };
  }

  free(): void {
    this.#shared.raw?.free();
    this.#shared.raw = undefined;
  }

  /** For what is built on this one. */
  protected get raw(): RawPolicy {
    return use(this.#shared.raw, "policy");
  }

  protected get shared(): Shared {
    return this.#shared;
  }

  protected encode(value: unknown, what: string, open?: number): Encoder {
    try {
      return this.#shared.encode(value, open);
    } catch (cause) {
      throw unwritable(what, cause);
    }
  }

  protected core<T>(call: () => T): T {
    try {
      return call();
    } catch (thrown) {
      throw fromCore(thrown);
    }
  }
}

export interface PolicyHandle extends Disposable {}
disposable(PolicyHandle);
described(PolicyHandle, "Policy", (policy) => ({ ...policy }));

/** What a question says, and the names of what stands beside it: the core knows whether one of them is misspelt. */
function membersOf(question: Question): Record<string, unknown> {
  const { principal, ask, context } = question;
  const members: Record<string, unknown> = { principal, ask, context };
  for (const key of Object.keys(question)) if (!(key in members) && key !== "id") members[key] = null;
  return members;
}
