// The rules of an ability, as JavaScript has them and as the core does. Nothing here changes: an update makes another one.

import { RawAbility } from "../core.js";
import { ALLOWED as PLAN_ALLOWS, Plan, UNCLEAR } from "../record.js";
import { Operands, Reading, Reads } from "../reads.js";
import { wrapArray } from "./aliases.js";
import { ask, askAbout, askWith, plainField } from "./ask.js";
import { failure, fieldPatternMatcher, mongoQueryMatcher } from "./matchers.js";
import { names, UNNAMED, type Names } from "./names.js";
import { Rule, type AnyRawRule, type RuleOptions } from "./rule.js";
import { isSubjectType } from "./subject.js";
import type { SubjectType } from "./types.js";

/** As src/casl/mod.rs has them. */
const INVERTED = 1;
const CONDITIONS = 2;
const FOREIGN_CONDITIONS = 4;
const FIELDS = 8;
const FOREIGN_FIELDS = 16;

/** As src/wasm/ability.rs has them. */
const NOTHING = -1;
const FOREIGN = -2;
const UNREAD = -3;
const THROWS = -4;

/** What is known of a question about a type. */
const DENIED = 1;
const ALLOWED = 2;
const IN_FULL = 3;

export class Rules {
  /** In the order of the list. */
  readonly #rules: Rule[];
  readonly #names: Names;
  readonly #anyAction: number;
  readonly #anyType: number;
  readonly #words: number[] = [];
  readonly #fields: string[][] = [];
  #raw: RawAbility | undefined;
  /** By the number of a question about a type. */
  #answers = new Uint8Array(0);
  #possible: Map<SubjectType, Map<unknown, readonly Rule[]>> | undefined;
  #reads: Map<number, Reads> | undefined;
  #plans: (Plan | undefined)[] | undefined;
  /** Objects that conditions compare with. */
  readonly #operands = new Operands();
  /** Without fields in any rule the field of a question is not looked at. */
  readonly hasFields: boolean = false;
  readonly #hasConditions: boolean = false;
  /** What the subjects of all rules are: texts, classes, or both. */
  readonly kind: "string" | "function" | "mixed" | undefined;

  constructor(list: AnyRawRule[], options: RuleOptions<any>, anyAction: string, anySubjectType: string) {
    const shared = (this.#names = names());
    this.#anyAction = shared.action(anyAction);
    this.#anyType = shared.type(anySubjectType);
    const rules = (this.#rules = new Array<Rule>(list.length));
    let kind: string | undefined;
    // As in CASL from the last to the first: which of two broken rules is complained of, and when aliases are asked for.
    for (let at = list.length - 1; at >= 0; at--) {
      const rule = (rules[at] = new Rule(list[at]!, options, list.length - at - 1));
      this.hasFields ||= !!rule.fields;
      this.#hasConditions ||= !!rule.conditions;
    }
    for (const rule of rules) {
      const subjects = wrapArray(rule.subject || anySubjectType) as unknown[];
      for (const subject of subjects) {
        if (kind === undefined) kind = typeof subject;
        else if (kind !== typeof subject) kind = "mixed";
      }
      this.#write(rule, wrapArray(rule.action), subjects, options);
    }
    this.kind = kind as this["kind"];
  }

  #write(rule: Rule, actions: unknown[], subjects: unknown[], options: RuleOptions<any>): void {
    let flags = rule.inverted ? INVERTED : 0;
    if (rule.conditions) flags |= options.conditionsMatcher === mongoQueryMatcher ? CONDITIONS : FOREIGN_CONDITIONS;
    if (rule.fields) {
      if (options.fieldMatcher === fieldPatternMatcher && rule.fields.every((field) => typeof field === "string")) {
        flags |= FIELDS;
        this.#fields.push(rule.fields.map(plainField));
      } else flags |= FOREIGN_FIELDS;
    }
    const words = this.#words;
    words.push(flags, actions.length);
    for (const action of actions) words.push(this.#names.action(action));
    words.push(subjects.length);
    for (const subject of subjects) words.push(this.#names.type(subject));
  }

  /** The core's part, made when something is first asked. */
  get #core(): RawAbility {
    return (this.#raw ??= this.#make());
  }

  #make(): RawAbility {
    const words = Uint32Array.from(this.#words);
    const make = (text: Uint8Array, nodes: Uint32Array): RawAbility => new RawAbility(words, text, nodes, this.#anyAction, this.#anyType);
    const raw = this.#fields.length > 0 ? askAbout(this.#fields, make) : ask(() => make(new Uint8Array(0), new Uint32Array(0)));
    this.#words.length = this.#fields.length = 0;
    return raw;
  }

  /** Whether an action may be done to a type; `undefined` where that takes a closer look. */
  may(action: unknown, type: unknown): boolean | undefined {
    const shared = this.#names;
    const a = shared.actions.get(action) ?? UNNAMED;
    const t = shared.types.get(type) ?? UNNAMED;
    const question = shared.question(a, t);
    const known = this.#answers[question] || this.#ask(question, a, t);
    return known === IN_FULL ? undefined : known === ALLOWED;
  }

  #ask(question: number, action: number, type: number): number {
    const answer = ask(() => this.#core.may(action, type)) + DENIED;
    if (question < 0) return answer;
    if (question >= this.#answers.length) {
      const grown = new Uint8Array(Math.max(64, 2 * question));
      grown.set(this.#answers);
      this.#answers = grown;
    }
    return (this.#answers[question] = answer);
  }

  /** Whether an action may be done to a record; `undefined` where that takes a closer look. */
  mayRecord(action: unknown, type: unknown, record: object): boolean | undefined {
    if (!this.#hasConditions) return this.may(action, type);
    const shared = this.#names;
    const a = shared.actions.get(action) ?? UNNAMED;
    const t = shared.types.get(type) ?? UNNAMED;
    const question = shared.question(a, t);
    const plan = this.#plans?.[question] ?? this.#plan(question, a, t);
    const answer = plan === undefined ? UNCLEAR : plan.decide(record as Record<string, unknown>);
    return answer === UNCLEAR ? undefined : answer === PLAN_ALLOWS;
  }

  /** Conditions are handed over first. While some of them are broken nothing is planned. */
  #plan(question: number, action: number, type: number): Plan | undefined {
    if (question < 0 || this.#give(action, type, false)) return undefined;
    const { constants } = this.#names;
    const number = ask(() => this.#core.plan(constants.raw, action, type));
    return ((this.#plans ??= [])[question] = new Plan(this.#core, constants, number, false));
  }

  /** Rules on an action and a type, highest first. */
  possible(action: unknown, type: SubjectType): readonly Rule[] {
    const all = (this.#possible ??= new Map<SubjectType, Map<unknown, readonly Rule[]>>());
    let ofType = all.get(type);
    const known = ofType?.get(action);
    if (known !== undefined) return known;
    const [a, t] = [this.#names.actions.get(action) ?? UNNAMED, this.#names.types.get(type) ?? UNNAMED];
    const rules = Object.freeze(Array.from(ask(() => this.#core.possible(a, t)), (at) => this.#rules[at]!));
    // Names that no rule bears may be made up without end.
    if (a === UNNAMED || t === UNNAMED) return rules;
    if (ofType === undefined) all.set(type, (ofType = new Map()));
    ofType.set(action, rules);
    return rules;
  }

  actions(type: SubjectType): string[] {
    const { types, named } = this.#names;
    return Array.from(ask(() => this.#core.actions(types.get(type) ?? UNNAMED)), (action) => named[action] as string);
  }

  /** The rule that decides. `field` is text, or nothing. */
  relevant(action: unknown, type: SubjectType, subject: unknown, field: string | undefined): Rule | null {
    const a = this.#names.actions.get(action) ?? UNNAMED;
    const t = this.#names.types.get(type) ?? UNNAMED;
    const asked = field && this.hasFields ? plainField(field) : undefined;
    const isType = !this.#hasConditions || !subject || isSubjectType(subject);
    const found = isType ? this.#ofType(a, t, asked) : this.#ofRecord(a, t, asked, subject as object);
    if (found >= 0) return this.#rules[found]!;
    if (found === NOTHING) return null;
    if (found === FOREIGN) return firstMatch(this.possible(action, type), this.hasFields, subject, field);
    const rule = this.#rules[THROWS - found]!;
    throw failure(rule.conditions, this.#core.sentence(), ...(isType ? [] : [subject]));
  }

  #ofType(action: number, type: number, field: string | undefined): number {
    const found = ask(() => this.#core.of_type(action, type, field));
    if (found !== UNREAD) return found;
    this.#give(action, type, true);
    return ask(() => this.#core.of_type(action, type, field));
  }

  #ofRecord(action: number, type: number, field: string | undefined, record: object): number {
    const question = this.#names.question(action, type);
    let reads = this.#reads?.get(question);
    if (reads === undefined) {
      // Rules whose conditions are broken are read again each time: they may have been mended.
      const broken = this.#give(action, type, false);
      reads = new Reads(ask(() => this.#core.reads(action, type)));
      if (!broken && question >= 0) (this.#reads ??= new Map<number, Reads>()).set(question, reads);
    }
    return askAbout(new Reading(record, reads, this.#operands), (text, nodes) => this.#core.of_record(action, type, field, text, nodes));
  }

  /** Hands over the conditions that a question may need. Whether some are broken. */
  #give(action: number, type: number, isType: boolean): boolean {
    for (const at of ask(() => this.#core.unread(action, type, isType))) {
      askWith(this.#rules[at]!.conditions, this.#operands, (text, nodes) => this.#core.give(at, text, nodes));
    }
    return ask(() => this.#core.unread(action, type, isType)).length > 0;
  }
}

/** The same by functions that only JavaScript can call, in the order that the core gave. */
export function firstMatch(rules: readonly Rule[], hasFields: boolean, subject: unknown, field: string | undefined): Rule | null {
  const onField = hasFields ? rules.filter((rule) => rule.matchesField(field)) : rules;
  return onField.find((rule) => rule.matchesConditions(subject)) ?? null;
}
