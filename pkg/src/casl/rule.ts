// A rule as programs see it: what was given, and the two questions that can be asked of it alone.

import type { BesideRule } from "./beside.js";
import { wrapArray } from "./aliases.js";
import { isSubjectType } from "./subject.js";
import type { Condition } from "@ucast/mongo2js";
import type { ConditionsMatcher, FieldMatcher, MatchConditions, MatchField, SubjectType } from "./types.js";

/** What is asked of rules, and by which functions. */
export interface RuleOptions<C> {
  conditionsMatcher?: ConditionsMatcher<C> | undefined;
  fieldMatcher?: FieldMatcher | undefined;
  resolveAction(action: string | string[]): string | string[];
}

/** The members of a rule, whatever it is about. */
export interface AnyRawRule<C = any> {
  action: string | string[];
  subject?: SubjectType | SubjectType[] | undefined;
  fields?: string | string[] | undefined;
  conditions?: C | undefined;
  inverted?: boolean | undefined;
  reason?: string | undefined;
}

export class Rule<A = any, C = any> {
  readonly action: string | string[];
  readonly subject: any;
  readonly inverted: boolean;
  readonly conditions: C | undefined;
  readonly reason: string | undefined;
  /** The rule as it was given. */
  readonly origin: any;
  readonly fields: string[] | undefined;
  /** How many rules outrank it. */
  readonly priority: number;
  // Not listed: who prints a rule wants to see the rule.
  readonly #options: RuleOptions<C>;
  private _conditionsMatch: MatchConditions | undefined;
  private _fieldMatch: MatchField<string> | undefined;
  declare readonly _abilities?: A;

  constructor(rule: AnyRawRule<C>, options: RuleOptions<C>, priority = 0) {
    validate(rule, options);
    this.action = options.resolveAction(rule.action);
    this.subject = rule.subject;
    this.inverted = !!rule.inverted;
    this.conditions = rule.conditions;
    this.reason = rule.reason;
    this.origin = rule;
    this.fields = rule.fields ? wrapArray(rule.fields) : undefined;
    this.priority = priority;
    this.#options = options;
  }

  /** The conditions as ucast's tree, if the matcher makes one. */
  get ast(): Condition | undefined {
    return this.#matcher()?.ast;
  }

  /** Whether the rule applies to an object as far as its conditions go; to a type, if there may be such an object. */
  matchesConditions(object: unknown): boolean {
    if (!this.conditions) return true;
    const ofRecord = object && !isSubjectType(object);
    if (!ofRecord && !this.inverted) return true;
    const matches = this.#matcher();
    if (!matches) return false;
    return ofRecord ? matches(object as never) : matches.matchesAll === true || isEmpty(matches.ast);
  }

  /** Whether the rule applies to a field; without one, if it allows some. */
  matchesField(field: string | undefined): boolean {
    if (!this.fields) return true;
    if (!field) return !this.inverted;
    this._fieldMatch ??= this.#options.fieldMatcher!(this.fields);
    return this._fieldMatch ? this._fieldMatch(field) : false;
  }

  /** The conditions are read when they are first needed. */
  #matcher(): MatchConditions | undefined {
    if (this.conditions && !this._conditionsMatch) this._conditionsMatch = this.#options.conditionsMatcher!(this.conditions);
    return this._conditionsMatch;
  }
}

// biome-ignore lint/correctness/noUnusedVariables: declarations that are merged have the same parameters
export interface Rule<A, C> extends BesideRule<C> {}

function validate(rule: AnyRawRule, options: RuleOptions<any>): void {
  if (Array.isArray(rule.fields) && rule.fields.length === 0) {
    throw new Error("The `rawRule.fields` array cannot be empty. https://bit.ly/390miLa");
  }
  if (rule.fields && !options.fieldMatcher) throw new Error('Cannot restrict access by fields without a "fieldMatcher" option');
  if (rule.conditions && !options.conditionsMatcher) {
    throw new Error('Cannot restrict access by conditions without a "conditionsMatcher" option. Please, provide a "conditionsMatcher" function to your Ability class or use "createMongoAbility" instead.');
  }
}

/** A tree of a matcher of one's own that holds for everything. */
function isEmpty(ast: Condition | undefined): boolean {
  return ast !== undefined && /^(and|AND)$/.test(ast.operator) && Array.isArray(ast.value) && ast.value.length === 0;
}
