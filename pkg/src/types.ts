/// <reference lib="esnext.disposable" preserve="true" />
// Every type a caller sees. The words are those of the decision format, so a decision can be logged, sent or stored as it is.

/** The systems whose snapshots can be loaded; `latchgate` is the native format. */
export type System = "emporix" | "hantera" | "ithbat" | "kura" | "open-archiver" | "casl" | "latchgate";

/** `deny` is an answer. `error` means that there is none, because a rule or the question itself is broken: treat it as a denial, report it apart. */
export type Effect = "allow" | "deny" | "error";

/** Why something is allowed. */
export type AllowCode = "granted" | "superuser" | "not_required";

/** Why something is denied. The list may grow, so keep a default case. */
export type DenyCode =
  | "no_grant"
  | "denied_by_rule"
  | "unknown_principal"
  | "unknown_permission"
  | "unknown_route"
  | "suspended"
  | "tenant_mismatch"
  | "scope_not_granted"
  | "not_own"
  | "unauthenticated"
  | "login_refused"
  | "edit_refused"
  | "record_required"
  | "record_absent"
  | "time_required"
  | "not_valid_now"
  | "snapshot_expired"
  | "requirement_unknown";

/** Why there is no answer. The list may grow. */
export type ErrorCode = "invalid_rule" | "invalid_question";

export type Code = AllowCode | DenyCode | ErrorCode;

/** One step of how a principal holds a grant: "through the role Editor, which came with the group Staff". */
export interface Via {
  kind: "role" | "group" | "accessControl" | "template" | "direct" | "token";
  id: string;
  name?: string;
}

/** A grant that took part in the decision. */
export interface DecidingGrant {
  effect: "allow" | "deny";
  /** In the system's own spelling. */
  permission: string;
  /** How the principal holds it, outermost first. */
  via: Via[];
  /** Whether it holds for some records only. */
  conditional: boolean;
  /** The reason the rule itself states. */
  reason?: string;
}

/** Which records of a type may be touched: every one, none, or those that fulfil conditions; on an `error` the server fails: treat it as none. */
export type FilterKind = "all" | "none" | "conditions" | "error";

/** What a filter lets through, in one word. */
export interface FilterAnswer {
  readonly kind: FilterKind;
}

interface DecisionBase {
  /** The `id` of the question, where it had one. */
  id?: unknown;
  /** What the server would answer over HTTP: 200, 400, 401, 403, 404, 405 or 500. */
  status: number;
  /** The rule of the system that decided, for example `"H3"`. */
  rule: string | null;
  /** One plain sentence. */
  message: string;
  /** The grants that decided, in a stable order. */
  grants: DecidingGrant[];
  /**
   * An allow of a permission or of an action on a type: whether it holds for some records (or fields) only, because a condition or a deny
   * with one is on the way. Says nothing of grants on single ids. Of one record it is `false`: the answer is for just that record.
   */
  conditional: boolean;
  /** Only for questions of kind `filter`. */
  filter?: Exclude<FilterKind, "error">;
  /** Only for a request whose path is known for other methods (405): those, as an `Allow` header names them. */
  allow?: string[];
  /** The snapshot the answer comes from. */
  snapshot: { system: System; version?: string; tenant?: string };
}

/** An answer and the reasons for it. Plain data: as an object it is always truthy, so ask for its `allowed`. */
export type Decision =
  | (DecisionBase & { allowed: true; effect: "allow"; code: AllowCode })
  | (DecisionBase & { allowed: false; effect: "deny"; code: DenyCode })
  | (DecisionBase & { allowed: false; effect: "error"; code: ErrorCode });

/** Facts about the request, all optional. */
export interface Context {
  /** The tenant the request is for. */
  tenant?: string | undefined;
  /** How the caller logged in. */
  auth?: "basic" | "session-password" | "certificate" | "session-certificate" | "token" | "none" | undefined;
  /** Scopes granted at sign-in: a list, or one text separated by spaces. */
  sessionScopes?: string | readonly string[] | undefined;
  legalEntityId?: string | undefined;
  /** Roles held for this request only. */
  roles?: readonly string[] | undefined;
  /** Attributes of the principal. */
  attributes?: object | undefined;
  /**
   * Where the claims of a token stand, by the names that the system knows them by (`policy.claims`): `{ sub: "oid", roles: "realm_access.roles" }`.
   * A member of that name, or else a path with dots.
   */
  claims?: Readonly<Record<string, string>> | undefined;
  /** The time to decide at, as RFC 3339 or a Date. Not said: the time of the policy's `clock`. */
  now?: string | Date | undefined;
}

/** The claims of a verified token, in the system's own spelling. */
export type Claims = object;

/** Who asks: an id or alias of the snapshot, a list of roles, the claims of a verified token, or `null` for nobody. */
export type PrincipalRef = string | readonly string[] | Claims | null | undefined;

declare const marked: unique symbol;

/** A record that the program has marked with its type: see `resource`. Of its attributes only those are read that decide. */
export interface Resource {
  readonly [marked]?: string;
}

/** How a snapshot is used once it is loaded. */
export interface LoadOptions {
  /**
   * Lets records say themselves of which type they are, in `can(action, record)`: the name of the attribute, or what reads it. Only for
   * records whose keys nobody else can choose: whoever writes `type` picks the rules that apply. Left out, a record's own keys are
   * never asked.
   */
  recordType?: string | ((record: object) => string) | undefined;
  /**
   * What time it is for questions that do not say: a Date, or milliseconds since 1970. Not said: the runtime's clock. It is read only where
   * the snapshot has an end, or a principal of it a time from or until which it is valid.
   */
  clock?: (() => number | Date) | undefined;
  /** `true` is refused here (`ERR_ARGUMENT`): strict loading is in `latchgate/insight`. */
  strict?: false | undefined;
}

/** A question in full, as `policy.decide` and the vector files spell it. */
export interface Question<P extends string = string> {
  /** Repeated in the decision. Any JSON value. */
  id?: unknown;
  principal?: PrincipalRef;
  ask: Ask<P>;
  context?: Context | undefined;
}

/**
 * What is asked. Circumstances are accepted in here too, where the context leaves them open: what it says otherwise is no question. Roles
 * and attributes of who asks are the context's alone.
 */
export type Ask<P extends string = string> = Omit<Context, "roles" | "attributes"> &
  (
    | { kind: "permission" | "scope" | "ace"; permission: P }
    | { kind: "permission" | "scope" | "ace"; allOf: readonly P[] }
    | { kind: "permission" | "scope" | "ace"; anyOf: readonly P[] }
    | { kind: "type"; action: string; subject: string; field?: string | undefined }
    | { kind: "instance"; action: string; subject: string; object: object; field?: string | undefined }
    | { kind: "filter"; actions: readonly string[]; subject: string }
    | { kind: "route"; method: string; path: string; attributes?: RequestAttributes | undefined; layer?: string | undefined }
  );

/** Facts a route's rule may need: about the caller, about the record that the path names, and a few that the system names itself. */
export interface RequestAttributes {
  principal?: object | undefined;
  resource?: object | undefined;
  /** Whoever asks answers `OPTIONS` itself, as for CORS: then it is open wherever the path is known. Otherwise it is a method like the others. */
  preflight?: boolean | undefined;
  [fact: string]: unknown;
}

/** Something in the snapshot that loads but means less than its author may think. The code begins with `WARN_`. */
export interface Warning {
  code: string;
  path: string;
  message: string;
}

/** How many of each a snapshot holds. */
export interface Counts {
  principals: number;
  roles: number;
  groups: number;
  permissions: number;
  grants: number;
  endpoints: number;
}

/** What a snapshot says about itself. */
export interface SnapshotInfo {
  readonly system: System;
  /** The format of the snapshot. */
  readonly format: number;
  readonly serverVersion?: string;
  readonly tenant?: string;
  readonly version?: string;
  readonly etag?: string;
  /** RFC 3339. */
  readonly issuedAt?: string;
  /** RFC 3339. */
  readonly expiresAt?: string;
  readonly counts: Counts;
  readonly warnings: readonly Warning[];
  /** The claims of a token that the system reads, in the order in which they count. */
  readonly claims: readonly Claim[];
}

/** A claim that a system reads. */
export interface Claim {
  /** Its name in the token. */
  readonly name: string;
  /** What it says. */
  readonly says: "id" | "roles" | "groups" | "tenant" | "legalEntityId" | "permissions" | "scopes" | "sessionScopes" | "attributes";
}

/** A snapshot: its bytes or text as the server sent them (best, because duplicate keys are then seen), the parsed object, or a compiled snapshot's bytes. */
export type SnapshotSource = Uint8Array | ArrayBuffer | ArrayBufferView | string | object;

/** A role, a group or an access control, as the lists `roles` and `groups` of every system show it. */
export type Holder = {
  id: string;
  name?: string;
  tenant?: string;
  grants: Array<{ effect: "allow" | "deny"; permission: string; conditional: boolean }>;
  /** The ids of roles and groups that come with it. */
  includes: string[];
  superuser: boolean;
};

/** The lists every system has, and those that some have. */
export type ListName =
  | "principals"
  | "roles"
  | "permissions"
  | "groups"
  | "principals-by-role"
  | "user-scopes"
  | "resource-permissions"
  | "access-controls"
  | "user-groups"
  | "defined-permissions"
  | "users"
  | "permissions-by-category"
  | "categories"
  | "policies";

/** A permission whose name has been looked up once and for all: the quickest way to ask again and again. */
export interface Permission<P extends string = string> {
  readonly name: P;
}

/** Permissions whose names have been looked up once and for all: a whole screen in one call of `canMany`. */
export interface Permissions<P extends string = string> {
  readonly names: readonly P[];
  readonly length: number;
}

/**
 * A loaded snapshot, as `latchgate/reader` has it. It never changes: to refresh, load the new snapshot and free the old one. It
 * lives in WebAssembly memory until {@link free} is called or it is collected.
 *
 * `P` narrows the permission names that `can` and `check` accept.
 */
export interface CompiledPolicy<P extends string = string> extends SnapshotInfo {
  /** The questions of one principal, at the time at which they are asked. An id that the snapshot does not know gives a principal who is denied everything. */
  principal(who: PrincipalRef, context?: Context): Principal<P>;
  /** Looks a permission up, for principals of this policy. */
  permission<Q extends P>(name: Q): Permission<Q>;
  /** Looks many up, for `canMany`. */
  permissions<Q extends P>(names: readonly Q[]): Permissions<Q>;
  /** Answers one complete question. Never throws because of the question: a broken one gets effect `"error"`. */
  decide(question: Question<P>): Decision;
  /**
   * Gives the memory back. Principals taken from the policy stay usable: what only the policy itself needs goes at once, the tables go
   * with the last of these principals, when it is freed or, where it was forgotten, collected. They answer as before; of records without
   * plans that are new.
   */
  free(): void;
  [Symbol.dispose](): void;
}

/** What a compiled snapshot consists of. */
export interface Layout {
  /** As what it was loaded. */
  from: "json" | "compiled";
  format: number;
  /** Of the whole, with header and check sum. */
  bytes: number;
  /** Only what one principal needs, rather than the whole snapshot. */
  slice: boolean;
  /** Bytes of each section that has any. */
  sections: Record<string, number>;
}

/** A loaded snapshot, as `latchgate` has it. */
export interface Policy<P extends string = string> extends CompiledPolicy<P> {
  /** The compiled snapshot: bytes that `loadPolicy` takes again, here and in `latchgate/reader`. The same everywhere. */
  compiled(): Uint8Array;
  /** What these bytes consist of. */
  layout(): Layout;
  /**
   * The same with only what one principal needs, and nothing about others: for a browser. Whatever it is asked about that
   * principal it answers with the same effect; where the whole snapshot says `unknown_permission`, a slice says `no_grant`.
   */
  slice(who: PrincipalRef, context?: Context): Uint8Array;
  /**
   * Reads a list out of the snapshot, in the shape in which the system's own API answers it. Throws `ERR_LIST_UNKNOWN`
   * for a name this system does not have, or that a compiled snapshot cannot answer; `ERR_ARGUMENT` for parameters it does not take.
   */
  list(name: "roles" | "groups"): Holder[];
  list(name: "principals", params?: Record<string, unknown>): Array<Record<string, unknown>>;
  list<T = unknown>(name: ListName, params?: Record<string, unknown>): T;
}

/** Somebody who asks. Everything that matters about the person and the request is fixed when it is made. */
export interface Principal<P extends string = string> {
  /** The id in the snapshot; `undefined` for nobody and for whoever the snapshot does not know. */
  readonly id: string | undefined;
  /** May they use this permission? Where the grant has a condition, `true` means: for some records. Ask `can(action, type, record)` about one, or see `check(…).conditional`. */
  can(permission: P | Permission<P>): boolean;
  /** May they do this to this record? Only attributes that decide are looked at; where one of them cannot be read, the answer is `false`. */
  can(action: string, type: string, record: object, field?: string): boolean;
  /**
   * The same of a record that is marked with its type by `resource(type, record)`, or says it itself where the policy was loaded with
   * `recordType`. Throws `ERR_ARGUMENT` where neither is so.
   */
  can(action: string, record: Resource | object, field?: string): boolean;
  /** May they do this to at least one record of this type? Says nothing about any particular record. */
  canAny(action: string, type: string, field?: string): boolean;
  /** Which of these permissions may they use? A whole screen at once. */
  canMany(permissions: ReadonlyArray<P | Permission<P>> | Permissions<P>): boolean[];
  /** The same into an array of your own: 1 for yes, 0 for no. */
  canMany(permissions: ReadonlyArray<P | Permission<P>> | Permissions<P>, into: Uint8Array): Uint8Array;
  /** Do they hold every one of these permissions? */
  canAll(permissions: readonly P[]): boolean;
  /** Do they hold at least one of these permissions? */
  canSome(permissions: readonly P[]): boolean;
  /** Would the server let this request through? */
  canRequest(method: string, path: string, attributes?: RequestAttributes): boolean;
  /** Like {@link can}, with the reasons. The answer about a permission is kept, and frozen. */
  check(permission: P | Permission<P>): Decision;
  check(action: string, type: string, record: object, field?: string): Decision;
  check(action: string, record: Resource | object, field?: string): Decision;
  /** Like {@link canAny}, with the reasons. */
  checkAny(action: string, type: string, field?: string): Decision;
  /** Like {@link canRequest}, with the reasons. */
  checkRequest(method: string, path: string, attributes?: RequestAttributes): Decision;
  /** Which records of a type may they do this to, in one word? With several actions: those that any of them opens, as the servers' lists do. */
  filter(actions: string | readonly string[], type: string): FilterAnswer;
  /**
   * The permissions they hold, in the system's own spelling and in byte order, conditional ones too. `*` stands for everything. A
   * pattern is listed where all that it covers is allowed.
   */
  permissions(): string[];
  /** Every grant they hold and how they hold it. Throws ERR_TOO_MANY where the ways to all of them would take more than 32 MB to tell. */
  grants(): DecidingGrant[];
  /** Gives the memory back. */
  free(): void;
  [Symbol.dispose](): void;
}
