// Rules as one condition, for whoever filters a list by them (casl 1.8).

import { buildAnd, buildOr, CompoundCondition, type Condition } from "@ucast/mongo2js";
import type { AnyAbility, ExtractSubjectType, RuleOf } from "../types.js";

export type RuleToQueryConverter<T extends AnyAbility, R = object> = (rule: RuleOf<T>) => R;

/** `null`: no record. A tree that asks for nothing: every record. */
export function rulesToAST<T extends AnyAbility>(
  ability: T,
  action: Parameters<T["rulesFor"]>[0],
  subjectType: ExtractSubjectType<Parameters<T["rulesFor"]>[1]>,
): Condition | null {
  return rulesToCondition<T, Condition, Condition>(ability.rulesFor(action, subjectType), treeOf, { and: buildAnd, or: buildOr, empty: () => buildAnd([]) });
}

function treeOf(rule: RuleOf<AnyAbility>): Condition {
  const { ast } = rule;
  if (!ast) throw new Error(`Ability rule "${JSON.stringify(rule)}" does not have "ast" property. So, cannot be used to generate AST`);
  return rule.inverted ? new CompoundCondition("not", [ast]) : ast;
}

/**
 * Takes the rules, highest first, as far as one without conditions. Each allow stands beside the denies above it; what an unconditional
 * allow leaves open is what those denies leave.
 */
export function rulesToCondition<T extends AnyAbility, R, Result>(
  rules: readonly RuleOf<T>[],
  convert: (rule: RuleOf<T>) => R,
  hooks: { and: (conditions: R[]) => Result; or: (conditions: R[]) => Result; empty: () => Result },
): Result | null {
  const denied: R[] = [];
  const allowed: R[] = [];
  for (const rule of rules) {
    if (rule.conditions) {
      const condition = convert(rule);
      if (rule.inverted) denied.push(condition);
      else allowed.push(denied.length > 0 ? (hooks.and([condition, ...denied]) as unknown as R) : condition);
      continue;
    }
    if (rule.inverted) break;
    if (denied.length === 0) return hooks.empty();
    if (allowed.length === 0) return hooks.and(denied);
    allowed.push(hooks.and(denied) as unknown as R);
    break;
  }
  return allowed.length > 0 ? hooks.or(allowed) : null;
}
