// The rules of an ability, as JavaScript has them and as the core does. Nothing here changes: an update makes another one.

import type { RawAbility } from "../core.js";
import { ALLOWED as PLAN_ALLOWS, type OwnValues, Plan, UNCLEAR } from "../record.js";
import { Operands, Reading, Reads } from "../reads.js";
import { ask, askAbout, askWith, plainField } from "./ask.js";
import { type Form, Words } from "./form.js";
import type { Kept } from "./kept.js";
import { failure, fieldPatternMatcher, mongoQueryMatcher } from "./matchers.js";
import { names, UNNAMED, type Names } from "./names.js";
import { PlainConditions } from "./plain.js";
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
const ALLOWED = 2;
const IN_FULL = 3;

/** So many questions are asked with their conditions; whoever asks more hands these over. */
const ONCE = 2;
/** More conditions are handed over at the first question. */
const FEW = 16;
/** What conditions cost in the core besides their words. */
const COST = 32;

/** A plan, and what it was made for. */
class Bound {
  constructor(
    readonly kept: Kept,
    readonly plan: Plan,
    readonly values: OwnValues | undefined,
  ) {}
}

/** Where the rules of an ability are written down, to be looked for among the forms. */
let spare: Words | undefined;

export class Rules {
  /** In the order of the list. */
  readonly #rules: Rule[];
  readonly #names: Names;
  readonly #form: Form;
  /** The form's, as far as they are known here. */
  #answers: Uint8Array;
  /** Why the last question ended in an error. */
  #sentence = "";
  #possible: Map<SubjectType, Map<unknown, readonly Rule[]>> | undefined;
  /** What the core has been given of these rules, and what is read of records, by question. */
  #given: Kept | undefined;
  #reads: Map<number, Reads> | undefined;
  #plans: (Bound | undefined)[] | undefined;
  /** Questions that came with their conditions. */
  #asked = 0;
  /** Rules whose conditions have been handed over. */
  #handed: Set<number> | undefined;
  /** Plain conditions that were read: of each rule its place, and a copy. */
  #read: unknown[] | undefined;
  /** Objects that conditions compare with. */
  #operands: Operands | undefined;
  /** Without fields in any rule the field of a question is not looked at. */
  readonly hasFields: boolean;
  readonly #hasConditions: boolean;
  /** What the subjects of all rules are: texts, classes, or both. */
  readonly kind: "string" | "function" | "mixed" | undefined;

  constructor(list: AnyRawRule[], options: RuleOptions<any>, anyAction: string, anySubjectType: string) {
    const shared = (this.#names = names());
    const rules = (this.#rules = new Array<Rule>(list.length));
    let kind: string | undefined;
    let hasFields = false;
    let hasConditions = false;
    // As in CASL from the last to the first: which of two broken rules is complained of, and when aliases are asked for.
    for (let at = list.length - 1; at >= 0; at--) {
      const rule = (rules[at] = new Rule(list[at]!, options, list.length - at - 1));
      hasFields ||= !!rule.fields;
      hasConditions ||= !!rule.conditions;
    }
    // Taken from there meanwhile: a list of names may be a proxy, and make an ability of its own.
    const words = spare ?? new Words();
    spare = undefined;
    words.clear();
    for (let at = 0; at < rules.length; at++) {
      const rule = rules[at]!;
      words.push(flagsOf(rule, options, words.fields));
      const { action } = rule;
      if (Array.isArray(action)) {
        words.push(action.length);
        for (let index = 0; index < action.length; index++) words.push(shared.action(action[index]));
      } else words.one(shared.action(action));
      const subject: unknown = rule.subject || anySubjectType;
      if (Array.isArray(subject)) {
        words.push(subject.length);
        for (let index = 0; index < subject.length; index++) {
          kind = kindOf(kind, subject[index]);
          words.push(shared.type(subject[index]));
        }
      } else {
        kind = kindOf(kind, subject);
        words.one(shared.type(subject));
      }
    }
    this.hasFields = hasFields;
    this.#hasConditions = hasConditions;
    this.kind = kind as this["kind"];
    this.#form = shared.forms.of(words, shared.action(anyAction), shared.type(anySubjectType));
    this.#answers = this.#form.answers;
    spare = words;
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
    const answer = this.#form.may(question, action, type);
    this.#answers = this.#form.answers;
    return answer;
  }

  /** Whether an action may be done to a record; `undefined` where that takes a closer look. */
  mayRecord(action: unknown, type: unknown, record: object): boolean | undefined {
    if (!this.#hasConditions) return this.may(action, type);
    const shared = this.#names;
    const a = shared.actions.get(action) ?? UNNAMED;
    const t = shared.types.get(type) ?? UNNAMED;
    const question = shared.question(a, t);
    let bound = this.#plans?.[question];
    if (bound === undefined || bound.kept.isGone) bound = this.#plan(question, a, t);
    try {
      const answer = bound === undefined ? UNCLEAR : bound.plan.decide(record as Record<string, unknown>, bound.values);
      return answer === UNCLEAR ? undefined : answer === PLAN_ALLOWS;
    } catch {
      // A getter threw, and CASL might not even have looked.
      return undefined;
    }
  }

  #plan(question: number, action: number, type: number): Bound | undefined {
    if (question < 0) return undefined;
    const bound = this.#shared(question, action, type) ?? (this.#comesAlong ? undefined : this.#own(action, type));
    if (bound !== undefined) (this.#plans ??= [])[question] = bound;
    return bound;
  }

  /** The plan that all have whose conditions differ from these in values alone. */
  #shared(question: number, action: number, type: number): Bound | undefined {
    const unread = this.#form.unread(question, action, type, false);
    const plain = this.#plain(unread);
    const plan = plain && this.#form.plan(question, action, type, unread, plain);
    return plan && new Bound(this.#form.kept, plan, plain.values);
  }

  /** Conditions are handed over first. While some of them are broken nothing is planned. */
  #own(action: number, type: number): Bound | undefined {
    return this.#with((given) => {
      if (this.#give(given, action, type, false)) return undefined;
      const { constants } = this.#names;
      const number = ask(() => given.raw.plan(constants.raw, action, type));
      given.grow(COST);
      return new Bound(given, new Plan(given.raw, constants, number, false), undefined);
    });
  }

  /** Rules on an action and a type, highest first. */
  possible(action: unknown, type: SubjectType): readonly Rule[] {
    const all = (this.#possible ??= new Map<SubjectType, Map<unknown, readonly Rule[]>>());
    let ofType = all.get(type);
    const known = ofType?.get(action);
    if (known !== undefined) return known;
    const [a, t] = [this.#names.actions.get(action) ?? UNNAMED, this.#names.types.get(type) ?? UNNAMED];
    const rules = Object.freeze(Array.from(this.#form.possible(this.#names.question(a, t), a, t), (at) => this.#rules[at]!));
    // Names that no rule bears may be made up without end.
    if (a === UNNAMED || t === UNNAMED) return rules;
    if (ofType === undefined) all.set(type, (ofType = new Map()));
    ofType.set(action, rules);
    return rules;
  }

  actions(type: SubjectType): string[] {
    const { types, named } = this.#names;
    return Array.from(ask(() => this.#form.core.actions(types.get(type) ?? UNNAMED)), (action) => named[action] as string);
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
    throw failure(rule.conditions, this.#sentence, ...(isType ? [] : [subject]));
  }

  #ofType(action: number, type: number, field: string | undefined): number {
    const found = ask(() => this.#form.core.of_type(action, type, field));
    if (found !== UNREAD) return found;
    const once = this.#once(this.#names.question(action, type), action, type, field, undefined);
    if (once !== undefined) return once;
    return this.#with((given) => {
      this.#give(given, action, type, true);
      return this.#heard(given.raw, ask(() => given.raw.of_type(action, type, field)));
    });
  }

  #ofRecord(action: number, type: number, field: string | undefined, record: object): number {
    const question = this.#names.question(action, type);
    const once = this.#once(question, action, type, field, record);
    if (once !== undefined) return once;
    return this.#with((given) => {
      let reads = this.#reads?.get(question);
      if (reads === undefined) {
        // Rules whose conditions are broken are read again each time: they may have been mended.
        const broken = this.#give(given, action, type, false);
        reads = new Reads(ask(() => given.raw.reads(action, type)));
        if (!broken && question >= 0) (this.#reads ??= new Map<number, Reads>()).set(question, reads);
      }
      const call = (text: Uint8Array, nodes: Uint32Array): number => given.raw.of_record(action, type, field, text, nodes);
      return this.#heard(given.raw, askAbout(new Reading(record, reads, (this.#operands ??= new Operands())), call));
    });
  }

  #heard(core: RawAbility, found: number): number {
    if (found <= THROWS) this.#sentence = core.sentence();
    return found;
  }

  /** Whether conditions come along with the question, and the core keeps nothing: abilities are made for a request, and forgotten. */
  get #comesAlong(): boolean {
    this.#lose();
    return this.#given === undefined && this.#asked < ONCE;
  }

  /** The rule that decides, where the conditions come along. `undefined`: they have to be handed over. */
  #once(question: number, action: number, type: number, field: string | undefined, record: object | undefined): number | undefined {
    if (!this.#comesAlong) return undefined;
    const form = this.#form;
    const unread = form.unread(question, action, type, record === undefined);
    const plain = this.#plain(unread);
    const reads = plain && (record === undefined ? undefined : (this.#names.reads(plain.shape) ?? this.#learn(action, type, unread, plain)));
    if (plain === undefined || (record !== undefined && reads === undefined)) return undefined;
    this.#asked++;
    try {
      const question = record === undefined ? [plain.copies] : [plain.copies, new Reading(record, reads!)];
      return askAbout(question, (text, nodes) => this.#heard(form.core, form.core.once(action, type, field, text, nodes)));
    } catch {
      // A question that is too large: what has to be said is said there.
      return undefined;
    }
  }

  /** What plain conditions read of records, and all others that differ from them in nothing but values. */
  #learn(action: number, type: number, rules: Uint32Array, { copies, shape }: PlainConditions): Reads | undefined {
    const core = ask(() => this.#form.core.alike());
    try {
      copies.forEach((condition, at) => askWith(condition, new Operands(), (text, nodes) => core.give(rules[at]!, text, nodes)));
      // What CASL throws at may be read up to there and no further.
      if (core.unread(action, type, false).length > 0) return undefined;
      const reads = new Reads(core.reads(action, type));
      this.#names.learn(shape, reads);
      return reads;
    } finally {
      core.free();
    }
  }

  /** The conditions of these rules, if they are few and plain. As in CASL they stay what they were when they were first needed. */
  #plain(rules: Uint32Array): PlainConditions | undefined {
    if (rules.length > FEW) return undefined;
    const plain = new PlainConditions();
    const read = (this.#read ??= []);
    for (let at = 0; at < rules.length; at++) {
      if (this.#handed?.has(rules[at]!) || !plain.add(this.#conditions(rules[at]!))) return undefined;
    }
    for (let at = 0; at < rules.length; at++) if (!read.includes(rules[at])) read.push(rules[at], plain.copies[at]);
    return plain;
  }

  /** The conditions of a rule. */
  #conditions(rule: number): unknown {
    const at = this.#read === undefined ? -1 : this.#read.indexOf(rule);
    return at < 0 ? this.#rules[rule]!.conditions : this.#read![at + 1];
  }

  /** Works with what the core is given of these rules, which is not freed meanwhile. */
  #with<T>(work: (given: Kept) => T): T {
    this.#lose();
    return (this.#given ??= this.#form.alike()).hold(work);
  }

  /** What was freed is not there any more. */
  #lose(): void {
    if (!this.#given?.isGone) return;
    this.#given = this.#reads = this.#handed = undefined;
    this.#asked = 0;
  }

  /** Hands over the conditions that a question may need. Whether some are broken. */
  #give(given: Kept, action: number, type: number, isType: boolean): boolean {
    const operands = (this.#operands ??= new Operands());
    const asked = ask(() => given.raw.unread(action, type, isType));
    for (const at of asked) {
      askWith(this.#conditions(at), operands, (text, nodes) => {
        given.raw.give(at, text, nodes);
        given.grow(nodes.length + COST);
      });
    }
    const broken = ask(() => given.raw.unread(action, type, isType));
    const handed = (this.#handed ??= new Set<number>());
    for (const at of asked) handed.add(at);
    for (const at of broken) handed.delete(at);
    return broken.length > 0;
  }
}

function kindOf(kind: string | undefined, subject: unknown): string {
  return kind === undefined || kind === typeof subject ? typeof subject : "mixed";
}

function flagsOf(rule: Rule, options: RuleOptions<any>, fields: string[][]): number {
  let flags = rule.inverted ? INVERTED : 0;
  if (rule.conditions) flags |= options.conditionsMatcher === mongoQueryMatcher ? CONDITIONS : FOREIGN_CONDITIONS;
  if (rule.fields) {
    if (options.fieldMatcher === fieldPatternMatcher && rule.fields.every((field) => typeof field === "string")) {
      flags |= FIELDS;
      fields.push(rule.fields.map(plainField));
    } else flags |= FOREIGN_FIELDS;
  }
  return flags;
}

/** The same by functions that only JavaScript can call, in the order that the core gave. */
export function firstMatch(rules: readonly Rule[], hasFields: boolean, subject: unknown, field: string | undefined): Rule | null {
  const onField = hasFields ? rules.filter((rule) => rule.matchesField(field)) : rules;
  return onField.find((rule) => rule.matchesConditions(subject)) ?? null;
}
