// The fields that somebody may use. Patterns are taken as they stand, as in CASL: a denied `secret*` removes no `secretKey`.

import type { AnyAbility, RuleOf, Subject, SubjectType } from "../types.js";
import type { Rule } from "../rule.js";

export type GetRuleFields<R extends Rule<any, any>> = (rule: R) => string[];
export interface PermittedFieldsOptions<T extends AnyAbility> {
  /** The fields of a rule, and all there are for one that names none. */
  fieldsFrom: GetRuleFields<RuleOf<T>>;
}

export function permittedFieldsOf<T extends AnyAbility>(
  ability: T,
  action: Parameters<T["can"]>[0],
  subject: Parameters<T["can"]>[1],
  options: PermittedFieldsOptions<T>,
): string[] {
  const rules = ability.possibleRulesFor(action, ability.detectSubjectType(subject));
  const fields = new Set<string>();
  for (let at = rules.length - 1; at >= 0; at--) {
    const rule = rules[at]!;
    if (!rule.matchesConditions(subject)) continue;
    options.fieldsFrom(rule).forEach((field) => void (rule.inverted ? fields.delete(field) : fields.add(field)));
  }
  return Array.from(fields);
}

export type GetSubjectTypeAllFieldsExtractor = (subjectType: SubjectType) => string[];

/** The same for one action. */
export class AccessibleFields<T extends Subject> {
  readonly #ability: AnyAbility;
  readonly #action: string;
  readonly #allFields: GetSubjectTypeAllFieldsExtractor;

  constructor(ability: AnyAbility, action: string, getAllFields: GetSubjectTypeAllFieldsExtractor) {
    this.#ability = ability;
    this.#action = action;
    this.#allFields = getAllFields;
  }

  ofType(subjectType: Extract<T, SubjectType>): string[] {
    return this.#fields(subjectType, subjectType);
  }

  of(subject: Exclude<T, SubjectType>): string[] {
    return this.#fields(subject, this.#ability.detectSubjectType(subject));
  }

  #fields(subject: Subject, type: SubjectType): string[] {
    return permittedFieldsOf(this.#ability, this.#action, subject, { fieldsFrom: (rule) => rule.fields || this.#allFields(type) });
  }
}
