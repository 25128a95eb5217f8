// Values that a new record needs so that the conditions of the rules hold for it.

import type { Ability } from "../ability.js";
import type { AnyObject, ExtractSubjectType } from "../types.js";

/** Keys by which an object could be turned into something else. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** Of a field that several rules ask for, the rule with the lowest priority says the value, as in CASL. */
export function rulesToFields<T extends Ability<any, AnyObject>>(
  ability: T,
  action: Parameters<T["rulesFor"]>[0],
  subjectType: ExtractSubjectType<Parameters<T["rulesFor"]>[1]>,
): AnyObject {
  const values: AnyObject = {};
  for (const rule of ability.rulesFor(action, subjectType)) {
    if (rule.inverted || !rule.conditions) continue;
    for (const [path, value] of Object.entries(rule.conditions as AnyObject)) {
      // A plain object is a set of operators.
      if (!value || (value as object).constructor !== Object) put(values, path, value);
    }
  }
  return values;
}

function put(values: AnyObject, path: string, value: unknown): void {
  const steps = path.split(".");
  const last = steps.pop()!;
  let host = values;
  for (const step of steps) {
    if (!FORBIDDEN.has(step)) host = (host[step] = (host[step] as AnyObject) || {}) as AnyObject;
  }
  if (!FORBIDDEN.has(last)) host[last] = value;
}
