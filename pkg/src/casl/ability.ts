// An ability: rules that may be asked and exchanged (casl 1.2, casl 1.9). The core decides.

import type { Beside } from "./beside.js";
import { Events } from "./events.js";
import { fieldPatternMatcher, mongoQueryMatcher } from "./matchers.js";
import type { Rule, RuleOptions } from "./rule.js";
import { firstMatch, Rules } from "./rules.js";
import { detectClass, detectSubjectType, isSubjectType } from "./subject.js";
import type {
  Abilities, AbilityOptions, AbilityOptionsOf, AbilityTuple, AnyMongoAbility, CanParameters, EventsMap, ExtractSubjectType, MongoAbility,
  MongoQuery, Normalize, RawRuleFrom, RawRuleOf, Subject, SubjectType, TypeParameters, Unsubscribe, ɵabilities, ɵconditions,
} from "./types.js";

export class Ability<A extends Abilities = AbilityTuple, Conditions = unknown> {
  declare readonly [ɵabilities]: A;
  declare readonly [ɵconditions]: Conditions;
  // Not `#private`: a proxy around an ability, as reactive frameworks make them, has to get at them.
  private readonly _options: RuleOptions<any>;
  private readonly _anyAction: string;
  private readonly _anySubjectType: string;
  private readonly _hasOwnDetection: boolean;
  private _detect: (object: object) => SubjectType;
  private _list: RawRuleFrom<A, Conditions>[];
  private _rules: Rules;
  private _events: Events | undefined;

  constructor(rules: RawRuleFrom<A, Conditions>[] = [], options: AbilityOptions<A, Conditions> = {}) {
    this._options = {
      conditionsMatcher: options.conditionsMatcher,
      fieldMatcher: options.fieldMatcher,
      resolveAction: options.resolveAction || ((action) => action),
    };
    this._anyAction = options.anyAction || "manage";
    this._anySubjectType = options.anySubjectType || "all";
    this._hasOwnDetection = !!options.detectSubjectType;
    this._detect = (options.detectSubjectType as ((object: object) => SubjectType) | undefined) || detectSubjectType;
    this._events = undefined;
    this._list = rules;
    this._rules = this._read(rules);
    this._adapt();
  }

  private _read(rules: RawRuleFrom<A, Conditions>[]): Rules {
    return new Rules(rules as never[], this._options, this._anyAction, this._anySubjectType);
  }

  /** With rules on classes alone the class of an object is its type. A mix leaves the detection as it is. */
  private _adapt(): void {
    const { kind } = this._rules;
    if (kind !== "mixed" && !this._hasOwnDetection) this._detect = kind === "function" ? detectClass : detectSubjectType;
  }

  /** The very list that was given. */
  get rules(): RawRuleFrom<A, Conditions>[] {
    return this._list;
  }

  detectSubjectType(object?: Normalize<A>[1]): ExtractSubjectType<Normalize<A>[1]>;
  detectSubjectType(object?: Subject): SubjectType {
    if (isSubjectType(object)) return object;
    return object ? this._detect(object) : this._anySubjectType;
  }

  /** Exchanges all rules. Rules that cannot be used leave the ability as it was, which CASL 7.0.1 does not. */
  update(rules: RawRuleFrom<A, Conditions>[]): this {
    const event = { rules, ability: this, target: this };
    this._events?.emit("update", event);
    this._rules = this._read(rules);
    this._list = rules;
    this._adapt();
    this._events?.emit("updated", event);
    return this;
  }

  can(...args: CanParameters<A>): boolean;
  can(action: string, subject?: Subject, field?: string): boolean {
    if (!field && subject && isUnchanged(this) && this.relevantRuleFor === relevantRuleFor) {
      const rules = this._rules;
      const type: unknown = isSubjectType(subject) && this.detectSubjectType === detectType ? subject : this.detectSubjectType(subject as never);
      const known = type === subject ? rules.may(action, type) : isSubjectType(type) ? rules.mayRecord(action, type, subject as object) : undefined;
      if (known !== undefined) return known;
    }
    const rule: Rule | null = (this.relevantRuleFor as Function)(action, subject, field);
    return !!rule && !rule.inverted;
  }

  cannot(...args: CanParameters<A>): boolean;
  cannot(action: string, subject?: Subject, field?: string): boolean {
    return !(this.can as Function)(action, subject, field);
  }

  /** The rule that decides, or `null`. */
  relevantRuleFor(...args: CanParameters<A>): Rule<A, Conditions> | null;
  relevantRuleFor(action: string, subject?: Subject, field?: string): Rule | null {
    const type = (this.detectSubjectType as Function)(subject) as SubjectType;
    if (isUnchanged(this)) return this._rules.relevant(action, this._type(type), subject, checkedField(field));
    // Whoever exchanged one of these wants to see the questions (that is how @casl/vue notices what a view depends on).
    return firstMatch((this.rulesFor as Function)(action, type, field), false, subject, field);
  }

  /** Rules on an action and a type, whatever their fields and conditions, highest first. */
  possibleRulesFor(...args: TypeParameters<A, false>): readonly Rule<A, Conditions>[];
  possibleRulesFor(action: string, subjectType?: SubjectType): readonly Rule[] {
    return this._rules.possible(action, this._type(subjectType));
  }

  private _type(type: SubjectType | undefined): SubjectType {
    if (type === undefined) return this._anySubjectType;
    if (isSubjectType(type)) return type;
    throw new Error('"possibleRulesFor" accepts only subject types (i.e., string or class) as the 2nd parameter');
  }

  /** Those of them that are on a field, or may be on some. */
  rulesFor(...args: TypeParameters<A>): readonly Rule<A, Conditions>[];
  rulesFor(action: string, subjectType?: SubjectType, field?: string): readonly Rule[] {
    const rules: readonly Rule[] = (this.possibleRulesFor as Function)(action, subjectType);
    const checked = checkedField(field);
    if (!this._rules.hasFields || rules.every((rule) => rule.matchesField(checked))) return rules;
    return rules.filter((rule) => rule.matchesField(checked));
  }

  /** The actions that rules on a type name. */
  actionsFor(subjectType: ExtractSubjectType<Normalize<A>[1]>): string[] {
    if (!isSubjectType(subjectType)) {
      throw new Error('"actionsFor" accepts only subject types (i.e., string or class) as a parameter');
    }
    return this._rules.actions(subjectType);
  }

  /** Calls back before (`update`) or after (`updated`) the rules are exchanged. What is returned ends that. */
  on<T extends keyof EventsMap<this>>(event: T, handler: EventsMap<this>[T]): Unsubscribe {
    return (this._events ??= new Events()).on(event, handler as never);
  }
}

export interface Ability<A extends Abilities, Conditions> extends Beside<A, Conditions> {}

const { detectSubjectType: detectType, relevantRuleFor, possibleRulesFor, rulesFor } = Ability.prototype;

/** Nobody put functions of his own in place of those that a question goes through. */
function isUnchanged(ability: Ability<any, any>): boolean {
  return ability.possibleRulesFor === possibleRulesFor && ability.rulesFor === rulesFor;
}

function checkedField(field: unknown): string | undefined {
  if (field && typeof field !== "string") {
    throw new Error("The 3rd, `field` parameter is expected to be a string. See https://casl.js.org/v6/en/api/casl-ability#can-of-ability for details");
  }
  return field as string | undefined;
}

/** An ability whose conditions are MongoDB's and whose fields may be patterns. */
export function createMongoAbility<T extends AnyMongoAbility = MongoAbility>(rules?: RawRuleOf<T>[], options?: AbilityOptionsOf<T>): T;
export function createMongoAbility<A extends AbilityTuple = AbilityTuple, C extends MongoQuery = MongoQuery>(
  rules?: RawRuleFrom<A, C>[],
  options?: AbilityOptions<A, C>,
): MongoAbility<A, C>;
export function createMongoAbility(rules: any[] = [], options: object = {}): AnyMongoAbility {
  return new Ability<any, any>(rules, { conditionsMatcher: mongoQueryMatcher, fieldMatcher: fieldPatternMatcher, ...options });
}
