// What `latchgate/insight` answers. The words are those of the core, so an answer can be logged, sent or stored as it is.

import type { Context, DecidingGrant, Decision, FilterAnswer, LoadOptions, Permission, Policy, Principal, PrincipalRef } from "../types.js";

/**
 * A filter's tree, in the form of ucast's conditions: `and`, `or` and `not` of trees, and operators on an attribute. An empty `and` is
 * every record, an empty `or` none. Native snapshots add `below` and `malformed`: what the segments of a record's id begin with
 * (`null` for any one segment), and that the id is neither text nor a number, and there.
 */
export type FilterNode =
  | { operator: "and" | "or" | "not"; value: FilterNode[] }
  | { operator: string; field: string; value: unknown; flags?: string; fold?: boolean };

/** A column that holds an attribute: its name, or more about it. */
export type SqlColumn =
  | string
  | {
      column: string;
      table?: string | undefined;
      /**
       * What it holds. Not said: what it is compared with, so say it where a column may hold another type. In a `json` column (`jsonb`, `json`,
       * or JSON as text) the rest of the path is found. A `time` column (`timestamptz`; in SQLite text that its date functions read) is compared
       * as the text that `Date.prototype.toISOString` writes, which is what records bear; under Open Archiver's rules as a time, as its lists do.
       */
      type?: "text" | "number" | "boolean" | "json" | "time" | undefined;
      /** What NULL stands for: an attribute that is `null` (if not said), or one that is `missing`. */
      null?: "null" | "missing" | undefined;
    };

export interface SqlOptions {
  dialect: "postgresql" | "sqlite";
  /** By the attribute's path; `*` is a JSON column with all attributes that have none of their own. */
  columns: Readonly<Record<string, SqlColumn>>;
  /** PostgreSQL: the number of the filter's first parameter, where the statement has others before it. */
  firstParameter?: number | undefined;
}

/** A condition for a WHERE clause. Values are in the parameters and never in the text. */
export interface Sql {
  text: string;
  parameters: Array<string | number | boolean>;
}

/** Which records of a type somebody may touch. It lives in WebAssembly memory until {@link free} is called or it is collected. */
export interface Filter extends FilterAnswer {
  readonly ast: FilterNode;
  /** Would a list show this record? Native snapshots: just where `can` allows it. `false` where an attribute cannot be read. */
  test(record: object): boolean;
  /** The query for MongoDB. Throws `ERR_FILTER_OPERATOR` for what has no translation. */
  toMongo(): Record<string, unknown>;
  /**
   * The condition for a WHERE clause. Throws `ERR_FILTER_COLUMN` for an attribute without a column, `ERR_FILTER_OPERATOR` for what has
   * no translation, `ERR_ARGUMENT` for options that make no sense: the records shown are never more.
   */
  toSql(options: SqlOptions): Sql;
  /** Gives the memory back. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * A policy that loads and is wrong: it grants, or does not deny, what it says otherwise (`fails-open`); the server fails on it (`fails`); it
 * does nothing (`no-effect`); or it does what it says in one way of asking and not in another (`surprise`). The code begins with `LINT_`.
 */
export interface Lint {
  code: string;
  path: string;
  message: string;
  severity: "fails-open" | "fails" | "no-effect" | "surprise";
  /** The number of the rule by which it is so, for example `"A8"`. */
  rule: string;
}

/** What {@link findings} looks for besides what it always looks for. */
export interface FindingOptions {
  /** The circumstances; they hold for everybody. */
  context?: Context;
  /** Pairs of permissions that nobody is to hold both of. */
  sod?: ReadonlyArray<readonly [string, string]>;
  /** How many edits are applied in search of ways to more rights; 500 if not said, 0 for none. */
  edits?: number;
}

/** A step of a proof. */
export interface Witness {
  kind: "principal" | "role" | "group" | "accessControl" | "template" | "direct" | "token" | "grant" | "permission" | "request";
  /** Its id; of a grant or permission what it is on, of a request its method and path. */
  id: string;
  /** Where in the snapshot, if it has a place of its own. */
  path?: string;
  message: string;
  /** The request, as an edit has it. */
  request?: Edit["request"];
}

/** As a {@link Lint}, with what proves it; a `notice` is as it is written, and whoever answers for it should know. */
export interface Finding extends Omit<Lint, "severity"> {
  severity: Lint["severity"] | "notice";
  witness: Witness[];
}

/** What is found in a whole snapshot. */
export interface Findings {
  findings: Finding[];
  /** How many edits were applied. */
  edits: number;
  /** Whether everything was looked at. */
  complete: boolean;
}

/** How strictly a snapshot is loaded. */
export interface StrictOptions extends Omit<LoadOptions, "strict"> {
  /** Refuse (`ERR_STRICT`) a snapshot in which {@link Lint}s fail open, fail or have no effect. Only for JSON: a compiled snapshot has no places to name. */
  strict?: boolean | undefined;
}

/** What can be asked about: a permission, an action on some record of a type, or on this record. */
export type Asked<P extends string = string> = P | Permission<P> | { action: string; type: string; record?: object | undefined; field?: string | undefined };

/** Which part of a list is wanted. */
export interface Page {
  /** At most so many; all if absent. */
  limit?: number | undefined;
  /** What the page before it gave as its `next`. Of another version of the snapshot it is refused: `ERR_CURSOR_STALE`. */
  cursor?: string | undefined;
}

/** What holds for everybody in the answer. */
export interface InContext {
  context?: Context | undefined;
}

/** For which records something conditional is allowed. */
export interface Rules {
  /** `first`: the first rule that applies decides. `deny`: a deny that applies decides, else an allow does. */
  decides: "first" | "deny";
  rules: Rule[];
}

export interface Rule {
  effect: "allow" | "deny";
  /** What it asks of the record, with the principal's own values filled in; nothing if absent. */
  conditions?: unknown;
  /** A placeholder stands for nothing (N19): an allow never applies to a record, a deny always does. */
  unbound?: true;
  /** For these fields only. */
  fields?: string[];
}

export type Standing = "allow" | "conditional" | "deny" | "error";

/** One line of what somebody can do. */
export interface ListEntry {
  /** In the system's own spelling. */
  permission: string;
  /** It stands for all that it covers, less the exceptions. */
  pattern: boolean;
  /** For which records it holds; for every one if absent. */
  when?: Rules;
  /** What a pattern covers and is decided otherwise. */
  except?: Array<{ permission: string; standing: Standing; when?: Rules }>;
  /** The allows that cover it, each with how it is held. */
  held: DecidingGrant[];
}

interface ListFacts {
  /** How many lines there are on all pages. */
  total: number;
  /** Passes every check. */
  superuser: boolean;
  /** Whether the exceptions are all that there are: not where allows and denies overlap in too many ways to be looked through. */
  complete: boolean;
  /** Why nothing is allowed, whatever is asked: a code of decisions. */
  refusal?: string;
  /** The cursor of the next page. */
  next?: string;
}

/** What somebody can do: a question is allowed exactly if a line covers it and no refused exception of that line does. */
export interface List extends ListFacts {
  entries: ListEntry[];
}

/** The same by name alone. */
export interface NameList extends ListFacts {
  permissions: string[];
}

/** Somebody who can do it. */
export interface WhoEntry {
  id: string;
  /** `user`, `client`, `service`, in the system's own word. */
  type: string;
  name?: string;
  /** For which records; for every one, or for the one asked about, if absent. */
  when?: Rules;
  /** The grants that decide, each with how it is held. */
  held: DecidingGrant[];
}

interface WhoFacts {
  /** How many there are on all pages. */
  total: number;
  next?: string;
}

/** Everybody who can do something, in the snapshot's order. */
export interface Who extends WhoFacts {
  principals: WhoEntry[];
}

/** The same by id alone. */
export interface IdList extends WhoFacts {
  ids: string[];
}

/** With what somebody can do something. */
export interface Resources<R> {
  /** Which of the records. */
  records: R[];
  /** Resources beneath the type that grants name: ids and patterns of them, each with the records for which it holds. */
  named: Array<{ resource: string; when?: Rules }>;
}

/** Why a question is answered as it is. */
export interface Why {
  decision: Decision;
  /** Grants that cover the question and apply, in the order in which they are held. */
  grants: Derived[];
  /** Of what is not allowed: allows that came near, the nearest first, with what each of them lacked. */
  near: Derived[];
  /** One plain sentence: the decision's, and of a refusal what came nearest. */
  message: string;
}

/** A grant on its way to an answer. */
export interface Derived extends DecidingGrant {
  /** The rule by which it is one. */
  rule?: string;
  /** Whether it is among those that decided. */
  decides: boolean;
  /** What it asks of the record. */
  tests?: Tested[];
  /** Nothing where it applies. */
  lacks?: Lack[];
}

/** One test of a condition. */
export interface Tested {
  path: string;
  operator: string;
  /** With the principal's own values filled in. */
  expected: unknown;
  /** What the record has there: a list of all values where the path leads to several; nothing if absent. */
  actual?: unknown;
  /** Not said where there is no record. */
  holds?: boolean;
}

/** What a grant lacked. */
export type Lack =
  /** `undefined`: the snapshot does not define what is asked for, and so nobody holds it (K4, I5, N16). */
  | { what: "action" | "resource" | "undefined" | "condition" | "placeholder" | "field" }
  | { what: "tenant"; tenant: string }
  | { what: "legalEntity"; entity: string };

/** What would turn an answer round: those ways first of which the least else comes. */
export interface Suggestions {
  /** Whether the question is allowed now: then the suggestions take that away. */
  allowed: boolean;
  /** How many there are on all pages. */
  total: number;
  suggestions: Suggestion[];
  next?: string;
}

/** Changes that together turn the answer round, and of which none can be left out. */
export interface Suggestion {
  steps: Step[];
  /** All that comes of them, for everybody: exact, with what was wanted among it. */
  effects: DiffFacts & { groups: DiffGroup[] };
  /** Others than the one asked about who gain or lose something. */
  others: string[];
}

export type Step =
  /** `replaces`: what it takes the place of, in a system where a principal has one role and no more (Open Archiver). */
  | { change: "assign"; principal: string; holder: HolderRef; replaces?: HolderRef[] }
  | { change: "unassign"; principal: string; holder: HolderRef }
  | { change: "grant"; holder: HolderRef; permission: string }
  /** `place`: its index in the list of the holder's document; not said where no list has it, or of a compiled snapshot. */
  | { change: "revoke"; holder: HolderRef; effect: "allow" | "deny"; permission: string; place?: number };

/** A role, group, access control …; `direct` is the principal's own. */
export interface HolderRef {
  type: DecidingGrant["via"][number]["kind"];
  id: string;
}

interface DiffFacts {
  /** How many permissions are gained. */
  gained: number;
  /** How many are lost. */
  lost: number;
  /** How many are allowed before and after, for other records. */
  changed: number;
  /** Whether nothing is left out: allows and denies may overlap in too many ways to be looked through. */
  complete: boolean;
}

/** What tells two snapshots apart. */
export interface Diff extends DiffFacts {
  /** How many changes there are on all pages. */
  total: number;
  /** By cause; a group that does not fit goes on with the next page. */
  groups: DiffGroup[];
  next?: string;
}

export interface DiffGroup {
  cause: Cause;
  /** By principal, then by permission. */
  changes: Change[];
}

/** The change between two snapshots that made others. */
export type Cause =
  | { kind: "principal"; principal: string; change: "added" | "removed" | "changed" }
  | { kind: "assignment"; principal: string; holder: HolderRef; change: "added" | "removed" }
  | { kind: "holder"; holder: HolderRef; change: "added" | "removed" | "changed" }
  | { kind: "inclusion"; holder: HolderRef; includes: HolderRef; change: "added" | "removed" }
  | { kind: "grant"; holder: HolderRef; effect: "allow" | "deny"; permission: string; change: "added" | "removed" }
  | { kind: "snapshot" };

/** One change: of one principal and one line of the list. */
export interface Change {
  principal: string;
  permission: string;
  pattern: boolean;
  kind: "gain" | "loss" | "conditions";
  before: Standing;
  after: Standing;
  whenBefore?: Rules;
  whenAfter?: Rules;
}

/** A request of the system's own API; for native snapshots of the paths in docs/reference/edits.md. */
export interface Edit {
  /** Who sends it. Absent: the right to is not checked, and `actorChecked` is false; `null` is nobody. */
  actor?: PrincipalRef;
  /** As in a question; `now` is written where the server writes a time, `id` where it draws one. */
  context?: (Context & { id?: string | undefined }) | undefined;
  request: { method: string; path: string; query?: object | undefined; headers?: object | undefined; body?: unknown };
}

/** What comes of edits: all of them, or the refusal that the system's server would give. */
export type Edited =
  | { ok: true; edits: EditAnswer[]; /** The whole snapshot in the system's own shape, as JSON text for `loadPolicy`. */ snapshot: string }
  | {
      ok: false;
      /** Which of the edits is refused. */
      index: number;
      status: number;
      code: EditCode;
      path: string;
      message: string;
      /** The rule in docs/rules, or the one by which the engine refuses the actor. */
      rule: string;
      actorChecked: boolean;
    };

/** What the server answers to one edit. */
export interface EditAnswer {
  status: number;
  changed: boolean;
  actorChecked: boolean;
  etag?: string;
  body?: unknown;
  /** What the server does not say: what it drops without a word, who loses what. */
  notes: string[];
}

/** Why an edit is refused. Codes are never renamed; the list may grow. */
export type EditCode =
  | "EDIT_UNKNOWN_ROUTE"
  | "EDIT_FORBIDDEN"
  | "EDIT_NOT_FOUND"
  | "EDIT_CONFLICT"
  | "EDIT_RESERVED"
  | "EDIT_IMMUTABLE"
  | "EDIT_DUPLICATE"
  | "EDIT_IN_USE"
  | "EDIT_INVALID"
  | "EDIT_UNREADABLE";

/** A loaded snapshot that can be asked about as a whole. */
export interface InsightPolicy<P extends string = string> extends Policy<P> {
  principal(who: PrincipalRef, context?: Context): InsightPrincipal<P>;
  /** Everybody who can do something, with how they hold it; with `names` by id alone, which is quicker. */
  who(asked: Asked<P>, options?: Page & InContext & { names?: false | undefined }): Who;
  who(asked: Asked<P>, options: Page & InContext & { names: true }): IdList;
  /** What another snapshot of the same system decides otherwise: who gains and who loses what, by the change that caused it. */
  diff(after: InsightPolicy, options?: Page & InContext): Diff;
  /** One hash over the whole decision relation: the same on every machine exactly if all decisions are. */
  digest(options?: InContext): string;
}

/** Somebody who asks, and can be asked about. */
export interface InsightPrincipal<P extends string = string> extends Principal<P> {
  /** Everything they can do, with how each of it is held; with `names` by name alone, which is quicker. */
  list(page?: Page & { names?: false | undefined }): List;
  list(page: Page & { names: true }): NameList;
  /** With which of these records they can do it, and which resources beneath the type grants name. */
  resources<R extends object>(action: string, type: string, records?: readonly R[]): Resources<R>;
  /**
   * Why they may do it, or may not: the way to each grant, each condition with what it met, and what came near. The answer about a permission
   * may be kept, so it is frozen.
   */
  why(asked: Asked<P>): Why;
  /** The smallest changes that would turn the answer round, each with all that comes of it. */
  suggest(asked: Asked<P>, page?: Page): Suggestions;
  /** One hash over all decisions about them. Only of a principal of the snapshot. */
  digest(): string;
  /** Which records of a type may they do this to, as data that a database can be asked with. */
  filter(actions: string | readonly string[], type: string): Filter;
}
