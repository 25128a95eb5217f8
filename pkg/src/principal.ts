// Somebody who asks. Every method writes the question down and crosses once; the answer is the core's.

import { ALLOWED, Answers, NOT_ASKED } from "./answers.js";
import type { RawPrincipal } from "./core.js";
import { argumentError } from "./errors.js";
import { disposable, use } from "./handle.js";
import { toJson } from "./json.js";
import { clip, invalidQuestion } from "./question.js";
import type { Shared } from "./shared.js";
import type { DecidingGrant, Decision, FilterAnswer, Principal, RequestAttributes, Resource } from "./types.js";

const ALLOW = 1;

export class PrincipalHandle implements Principal {
  readonly id: string | undefined;
  #raw: RawPrincipal | undefined;
  readonly #shared: Shared;
  readonly #answers = new Answers();

  constructor(raw: RawPrincipal, shared: Shared) {
    this.id = raw.id();
    this.#raw = raw;
    this.#shared = shared;
  }

  can(permission: string): boolean;
  can(action: string, record: Resource, field?: string): boolean;
  can(action: string, record?: Resource, field?: string): boolean {
    // Counted, not compared with undefined: a record that is not there yet must not turn into another question.
    if (arguments.length > 1) return this.#can(this.#aboutRecord(action, record, field));
    const raw = use(this.#raw, "principal");
    // The quick way, for the question that is asked most: what the core has answered once is not asked again.
    const { names } = this.#shared;
    const known = names.known.get(action);
    if (known !== undefined) {
      const kept = this.#answers.kept(known.slot, names.generation);
      if (kept !== NOT_ASKED) return kept === ALLOWED;
    }
    return this.#ask(raw, action);
  }

  /** By number where the name has one, and kept. */
  #ask(raw: RawPrincipal, permission: string): boolean {
    const { names, raw: policy } = this.#shared;
    const found = typeof permission === "string" && policy !== undefined ? names.find(policy, permission) : undefined;
    const ids = found?.ids;
    const allowed = ids === undefined ? this.#can(aboutPermission(permission)) : raw.can_ids(ids.action, ids.resource) === ALLOW;
    if (found !== undefined) this.#answers.keep(found.slot, names.generation, allowed);
    return allowed;
  }

  canAny(action: string, type: string, field?: string): boolean {
    return this.#can(aboutType(action, type, field));
  }

  canAll(permissions: readonly string[]): boolean {
    return this.#can(JSON.stringify({ kind: "permission", allOf: names(permissions) }));
  }

  canSome(permissions: readonly string[]): boolean {
    return this.#can(JSON.stringify({ kind: "permission", anyOf: names(permissions) }));
  }

  canRequest(method: string, path: string, attributes?: RequestAttributes): boolean {
    return this.#can(aboutRequest(method, path, attributes));
  }

  check(permission: string): Decision;
  check(action: string, record: Resource, field?: string): Decision;
  check(action: string, record?: Resource, field?: string): Decision {
    return this.#decide(arguments.length > 1 ? this.#aboutRecord(action, record, field) : aboutPermission(action));
  }

  checkAny(action: string, type: string, field?: string): Decision {
    return this.#decide(aboutType(action, type, field));
  }

  checkRequest(method: string, path: string, attributes?: RequestAttributes): Decision {
    return this.#decide(aboutRequest(method, path, attributes));
  }

  filter(actions: string | readonly string[], type: string): FilterAnswer | "error" {
    const list = typeof actions === "string" ? [actions] : names(actions);
    const decision = this.#decide(JSON.stringify({ kind: "filter", actions: list, subject: name(type, "the type of record") }));
    return decision.filter ?? (decision.effect === "error" ? "error" : "none");
  }

  permissions(): string[] {
    return use(this.#raw, "principal").permissions();
  }

  grants(): DecidingGrant[] {
    return use(this.#raw, "principal").grants();
  }

  free(): void {
    this.#raw?.free();
    this.#raw = undefined;
  }

  #can(question: string | Unwritable): boolean {
    const raw = use(this.#raw, "principal");
    return typeof question === "string" && raw.can(clip(question, this.#shared.longest)) === ALLOW;
  }

  #decide(question: string | Unwritable): Decision {
    const raw = use(this.#raw, "principal");
    return typeof question === "string" ? raw.decide(clip(question, this.#shared.longest)) : invalidQuestion(this.#shared.info, question.what, question.reason);
  }

  #aboutRecord(action: string, record: Resource | undefined, field: string | undefined): string | Unwritable {
    if (typeof record === "string") {
      throw argumentError(`the second argument is a record; to ask about records of a type in general, use canAny("${action}", "${record}") or checkAny`);
    }
    const ask = { kind: "instance", action: name(action, "the action"), field };
    // Not loaded yet, or a mistake: the core says what is wrong with it.
    if (typeof record !== "object" || record === null) return write("the record", { ...ask, object: record });
    try {
      const start = JSON.stringify({ ...ask, subject: record.type });
      return `${start.slice(0, -1)},"object":${this.#shared.writeRecord(record)}}`;
    } catch (reason) {
      // No JSON, or one of the record's getters threw.
      return { what: "the record", reason };
    }
  }
}

export interface PrincipalHandle extends Disposable {}
disposable(PrincipalHandle);

/** A question that could not be written down, and why. */
interface Unwritable {
  what: string;
  reason: unknown;
}

function write(what: string, ask: object): string | Unwritable {
  try {
    return toJson(ask);
  } catch (reason) {
    return { what, reason };
  }
}

/** Names come from the program, not from data: anything but text is a mistake worth an exception. */
function name(value: string, what: string): string {
  if (typeof value !== "string") throw argumentError(`${what} must be text, not ${value === null ? "null" : typeof value}`);
  return value;
}

function names(values: readonly string[]): readonly string[] {
  if (!Array.isArray(values)) throw argumentError("a list of names is needed");
  for (const value of values) name(value, "each name in the list");
  return values;
}

// Nothing but text goes into the first two, so writing them cannot fail.

const aboutPermission = (permission: string): string => JSON.stringify({ kind: "permission", permission: name(permission, "the permission") });

const aboutType = (action: string, type: string, field: string | undefined): string =>
  JSON.stringify({ kind: "type", action: name(action, "the action"), subject: name(type, "the type of record"), field });

const aboutRequest = (method: string, path: string, attributes: RequestAttributes | undefined): string | Unwritable =>
  write("the question", { kind: "route", method: name(method, "the method"), path: name(path, "the path"), attributes });
