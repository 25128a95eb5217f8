// Somebody who asks. What is asked again and again is read from the bits that the core has computed; the rest is written down and
// crosses once. The answer is the core's in either case.

import { mustBeText } from "./arguments.js";
import type { RawPrincipal } from "./core.js";
import type { Encoder } from "./encode.js";
import { argumentError, fromCore } from "./errors.js";
import { described, disposable, use } from "./handle.js";
import { PermissionHandle, PermissionList } from "./permission.js";
import { invalidQuestion } from "./question.js";
import { Reading, Reads } from "./reads.js";
import { ALLOWED, Plan, UNCLEAR } from "./record.js";
import { markOf } from "./marks.js";
import type { Shared } from "./shared.js";
import type { Principal, DecidingGrant, Decision, FilterAnswer, Permission, Permissions, RequestAttributes, Resource } from "./types.js";

type Named = string | Permission;
type Attributes = Record<string, unknown>;

export class PrincipalHandle implements Principal {
  #raw: RawPrincipal | undefined;
  readonly #shared: Shared;
  /** Whether answers may change as time passes: then what is kept is good until the core says otherwise. */
  readonly #isTimed: boolean;
  /** How many questions are answered (none, where each time the core has to be asked whether they still are), and the word in the core's memory that begins with the answer to question 0. */
  #known = 0;
  #row = 0;
  #decisions: Array<Decision | undefined> | undefined;
  #plans: Array<Plan | undefined> | undefined;
  #reads: Array<Reads | undefined> | undefined;

  constructor(raw: RawPrincipal, shared: Shared) {
    this.#raw = raw;
    this.#shared = shared;
    this.#isTimed = shared.isTimed;
    if (shared.count > 0) {
      this.#row = raw.place() >>> 2;
      if (!this.#isTimed) this.#known = raw.known();
    }
  }

  get id(): string | undefined {
    return use(this.#raw, "principal").id();
  }

  can(permission: Named): boolean;
  can(action: string, record: Resource, field?: string): boolean;
  can(action: string, type: string, record: object, field?: string): boolean;
  can(first: Named, second?: string | Resource, third?: object | string, fourth?: string): boolean {
    // Counted, not compared with undefined: a record that is not there yet must not turn into another question.
    if (arguments.length > 1) return this.#canRecord(first as string, second!, third, fourth, arguments.length > 2);
    const shared = this.#shared;
    const number = typeof first === "string" ? shared.permissions.get(first) : this.#numberOf(first);
    if (number !== undefined && number < this.#known) {
      const word = shared.words[this.#row + (number >>> 5)];
      if (word !== undefined) return ((word >>> (number & 31)) & 1) === 1;
    }
    return this.#canPermission(first);
  }

  canAny(action: string, type: string, field?: string): boolean {
    if (field === undefined) {
      const shared = this.#shared;
      const row = shared.actions.get(action);
      const column = shared.types.get(type);
      if (row !== undefined && column !== undefined) {
        // One more than the question's number; 0 for none.
        const place = shared.kinds[row + column]!;
        if (place > 0 && place <= this.#known) {
          const word = shared.words[this.#row + ((place - 1) >>> 5)];
          if (word !== undefined) return ((word >>> ((place - 1) & 31)) & 1) === 1;
        }
      }
      const entered = shared.kind(action, type);
      if (entered !== undefined) return this.#bit(entered);
    }
    return this.#can(aboutType(action, type, field));
  }

  canMany(permissions: readonly Named[] | Permissions): boolean[];
  canMany(permissions: readonly Named[] | Permissions, into: Uint8Array): Uint8Array;
  canMany(permissions: readonly Named[] | Permissions, into?: Uint8Array): boolean[] | Uint8Array {
    const list = typeof permissions === "object" && permissions !== null && PermissionList.is(permissions) ? permissions : undefined;
    if (list === undefined && !Array.isArray(permissions)) throw argumentError("a list of permissions is needed");
    const { length } = permissions;
    const answers = into ?? new Uint8Array(length);
    if (!ArrayBuffer.isView(answers)) throw argumentError("the answers are put into a Uint8Array");
    // Not `<`: a view that is no array has no length.
    if (!(answers.length >= length)) throw argumentError(`the array has room for ${answers.length ?? "no"} answers, not for ${length}`);
    const numbers = list && PermissionList.numbers(list, this.#shared);
    if (numbers !== undefined) this.#readMany(numbers, answers);
    else {
      const names = list?.names ?? (permissions as readonly Named[]);
      for (let index = 0; index < length; index++) answers[index] = this.can(names[index]!) ? 1 : 0;
    }
    return into ?? Array.from(answers, (answer) => answer === 1);
  }

  /** The numbers of one policy's list, which have all been entered. */
  #readMany(numbers: Uint32Array, answers: Uint8Array): void {
    const shared = this.#shared;
    if (shared.count > this.#known || shared.words.length === 0) this.#bit(shared.count - 1);
    const { words } = shared;
    const row = this.#row;
    for (let index = 0; index < numbers.length; index++) {
      const number = numbers[index]!;
      answers[index] = (words[row + (number >>> 5)]! >>> (number & 31)) & 1;
    }
  }

  canAll(permissions: readonly string[]): boolean {
    return this.#can({ kind: "permission", allOf: names(permissions) });
  }

  canSome(permissions: readonly string[]): boolean {
    return this.#can({ kind: "permission", anyOf: names(permissions) });
  }

  canRequest(method: string, path: string, attributes?: RequestAttributes): boolean {
    return this.#can(aboutRequest(method, path, attributes));
  }

  check(permission: Named): Decision;
  check(action: string, record: Resource, field?: string): Decision;
  check(action: string, type: string, record: object, field?: string): Decision;
  check(first: Named, second?: string | Resource, third?: object | string, fourth?: string): Decision {
    if (arguments.length > 1) return this.#checkRecord(first as string, second!, third, fourth, arguments.length > 2);
    const number = typeof first === "string" ? this.#shared.permissions.get(first) : this.#numberOf(first);
    if (this.#isTimed) this.#now();
    const kept = number === undefined ? undefined : this.#decisions?.[number];
    if (kept !== undefined) return kept;
    const permission = nameOf(first);
    return this.#keep(this.#shared.permission(permission), this.#decide(aboutPermission(permission)));
  }

  checkAny(action: string, type: string, field?: string): Decision {
    const number = field === undefined && typeof action === "string" && typeof type === "string" ? this.#shared.kind(action, type) : undefined;
    if (this.#isTimed) this.#now();
    const kept = number === undefined ? undefined : this.#decisions?.[number];
    if (kept !== undefined) return kept;
    const decision = this.#decide(aboutType(action, type, field));
    return this.#keep(number, decision);
  }

  checkRequest(method: string, path: string, attributes?: RequestAttributes): Decision {
    return this.#decide(aboutRequest(method, path, attributes));
  }

  filter(actions: string | readonly string[], type: string): FilterAnswer {
    const decision = this.#decide({ kind: "filter", ...aboutList(actions, type) });
    return { kind: decision.filter ?? (decision.effect === "error" ? "error" : "none") };
  }

  permissions(): string[] {
    return JSON.parse(this.#now().permissions()) as string[];
  }

  grants(): DecidingGrant[] {
    try {
      return JSON.parse(this.#now().grants()) as DecidingGrant[];
    } catch (thrown) {
      throw fromCore(thrown);
    }
  }

  free(): void {
    if (this.#raw !== undefined) this.#shared.release(this.#raw);
    this.#raw = undefined;
    this.forget();
  }

  /** The core's principal as it is now. What was kept of an earlier time, or a later one, is forgotten. */
  #now(): RawPrincipal {
    if (!this.#isTimed) return use(this.#raw, "principal");
    // A clock is somebody's function: it may free the principal, or ask it something.
    const time = this.#shared.now();
    const raw = use(this.#raw, "principal");
    const other = raw.at(time);
    if (other === undefined) return raw;
    this.#shared.release(raw);
    this.#raw = other;
    this.forget();
    return other;
  }

  protected forget(): void {
    this.#known = 0;
    this.#decisions = undefined;
    this.#plans = undefined;
    this.#reads = undefined;
  }

  /** What consoles print: who it is, of which snapshot, and how much they hold. */
  facts(): Record<string, unknown> {
    const { system, tenant, version } = this.#shared.info;
    const of = { system, ...(tenant !== undefined && { tenant }), ...(version !== undefined && { version }) };
    return this.#raw === undefined ? { freed: true, snapshot: of } : { id: this.id, permissions: this.permissions(), snapshot: of };
  }

  /** For what is built on this one. */
  protected get raw(): RawPrincipal {
    return this.#now();
  }

  protected get shared(): Shared {
    return this.#shared;
  }

  /** The number of a handle of this policy; of another policy's handle only the name counts. */
  #numberOf(handle: Permission): number | undefined {
    return typeof handle === "object" && handle !== null ? PermissionHandle.number(handle, this.#shared) : undefined;
  }

  #canPermission(permission: Named): boolean {
    const text = nameOf(permission);
    const number = this.#shared.permission(text);
    return number === undefined ? this.#can(aboutPermission(text)) : this.#bit(number);
  }

  /** The core's answer to a question that has a number. */
  #bit(number: number): boolean {
    const raw = this.#now();
    const shared = this.#shared;
    if (number >= this.#known) {
      this.#row = raw.extend() >>> 2;
      if (!this.#isTimed) this.#known = raw.known();
    }
    shared.look();
    return ((shared.words[this.#row + (number >>> 5)]! >>> (number & 31)) & 1) === 1;
  }

  #keep(number: number | undefined, decision: Decision): Decision {
    if (number !== undefined) (this.#decisions ??= [])[number] = frozen(decision);
    return decision;
  }

  #canRecord(action: string, second: string | Resource, third: object | string | undefined, fourth: string | undefined, typed: boolean): boolean {
    const isTyped = typed && typeof second === "string";
    const record = isTyped ? third : second;
    const field = isTyped ? fourth : third;
    if (!isTyped) this.#mayAsk(action, second);
    if (this.#isTimed) this.#now();
    if (field === undefined && typeof record === "object" && record !== null) {
      try {
        const type = isTyped ? second : this.#typeOf(record);
        const number = typeof type === "string" && typeof action === "string" ? this.#shared.kind(action, type) : undefined;
        if (number !== undefined) {
          const plan = this.#plans?.[number] ?? this.#plan(number);
          const decided = plan.decide(record as Attributes);
          if (decided !== UNCLEAR) return decided === ALLOWED;
        }
      } catch {
        // A getter threw: asked in full, that is an answer.
        use(this.#raw, "principal");
      }
    }
    return this.#can(this.#aboutRecord(action, second, third, fourth, typed));
  }

  /** A mistake of the program, whatever the data: nobody has said of which type the record is. */
  #mayAsk(action: string, record: unknown): void {
    if (typeof record === "string") {
      throw argumentError(`the second argument is a record; to ask about records of a type in general, use canAny("${action}", "${record}") or checkAny`);
    }
    if (this.#shared.typeOf === undefined && markOf(record) === undefined) {
      throw argumentError(
        "nobody has said of which type the record is: ask can(action, type, record), mark it by resource(type, record), or load the policy with { recordType } where records may say it themselves",
      );
    }
  }

  #typeOf(record: object): unknown {
    return markOf(record) ?? this.#shared.typeOf?.(record);
  }

  #plan(number: number): Plan {
    const raw = use(this.#raw, "principal");
    const shared = this.#shared;
    // Texts that a plan brings are fetched from the policy. Were it freed, they would pass for texts that nothing is compared with.
    const plan = shared.raw === undefined ? UNCLEAR : raw.plan(number);
    return ((this.#plans ??= [])[number] = new Plan(raw, shared, plan, shared.attributes.includes("id")));
  }

  #checkRecord(action: string, second: string | Resource, third: object | string | undefined, fourth: string | undefined, typed: boolean): Decision {
    return this.#decide(this.#aboutRecord(action, second, third, fourth, typed));
  }

  #aboutRecord(action: string, second: string | Resource, third: object | string | undefined, fourth: string | undefined, typed: boolean): object | Unwritable {
    const isTyped = typed && typeof second === "string";
    if (!isTyped) this.#mayAsk(action, second);
    const record = isTyped ? third : second;
    const ask = { kind: "instance", action: mustBeText(action, "the action"), field: isTyped ? fourth : third };
    try {
      // Not loaded yet, or a mistake: the core says what is wrong with it.
      if (typeof record !== "object" || record === null) return { ...ask, subject: isTyped ? second : undefined, object: record ?? null };
      const type = isTyped ? second : this.#typeOf(record);
      // Without a type there is no answer, and nothing to read for it.
      return { ...ask, subject: type, object: typeof type === "string" ? new Reading(record, this.readsOf(action, type)) : {} };
    } catch (reason) {
      return new Unwritable("the record", reason);
    }
  }

  /** What is read of records of a type. */
  protected readsOf(action: string, type: string): Reads {
    const number = this.#shared.kind(action, type);
    const known = number === undefined ? undefined : this.#reads?.[number];
    if (known !== undefined) return known;
    const reads = new Reads(use(this.#raw, "principal").reads(action, type));
    if (number !== undefined) (this.#reads ??= [])[number] = reads;
    return reads;
  }

  #can(ask: object | Unwritable): boolean {
    const question = this.#write(ask);
    // Only now: a getter of the question may have freed it.
    const raw = this.#now();
    return !(question instanceof Unwritable) && raw.can(question.text, question.nodes) === ALLOWED;
  }

  #decide(ask: object | Unwritable): Decision {
    const question = this.#write(ask);
    const raw = this.#now();
    if (question instanceof Unwritable) return invalidQuestion(this.#shared.info, question.what, question.reason);
    return JSON.parse(raw.decide(question.text, question.nodes)) as Decision;
  }

  /** Writes a question down, or says why it cannot be. */
  #write(ask: object | Unwritable): Encoder | Unwritable {
    if (ask instanceof Unwritable) return ask;
    try {
      return this.#shared.encode(ask);
    } catch (reason) {
      return new Unwritable("object" in ask ? "the record" : "the question", reason);
    }
  }
}

export interface PrincipalHandle extends Disposable {}
disposable(PrincipalHandle);
described(PrincipalHandle, "Principal", (principal) => principal.facts());

/** A question that could not be written down, and why. */
class Unwritable {
  constructor(
    readonly what: string,
    readonly reason: unknown,
  ) {}
}

/** An answer that is kept is given to whoever asks next: nobody may change it. */
function frozen(decision: Decision): Decision {
  for (const grant of decision.grants) {
    for (const step of grant.via) Object.freeze(step);
    Object.freeze(grant.via);
    Object.freeze(grant);
  }
  Object.freeze(decision.grants);
  Object.freeze(decision.snapshot);
  return Object.freeze(decision);
}

/** Of a handle, be it another build's, its name. */
const nameOf = (permission: Named): string => mustBeText(typeof permission === "object" && permission !== null ? permission.name : permission, "the permission");

function names(values: readonly string[]): readonly string[] {
  if (!Array.isArray(values)) throw argumentError("a list of names is needed");
  for (const value of values) mustBeText(value, "each name in the list");
  return values;
}

const aboutPermission = (permission: string): object => ({ kind: "permission", permission });

/** Actions and the type of records of a list. */
export const aboutList = (actions: string | readonly string[], type: string): { actions: readonly string[]; subject: string } => ({
  actions: typeof actions === "string" ? [actions] : names(actions),
  subject: mustBeText(type, "the type of record"),
});

const aboutType = (action: string, type: string, field: string | undefined): object => ({
  kind: "type",
  action: mustBeText(action, "the action"),
  subject: mustBeText(type, "the type of record"),
  field,
});

const aboutRequest = (method: string, path: string, attributes: RequestAttributes | undefined): object => ({
  kind: "route",
  method: mustBeText(method, "the method"),
  path: mustBeText(path, "the path"),
  attributes,
});
