// Rules as short lists, to travel in a token: action, subject, conditions, inverted, fields, reason, without what is empty at the end.

import { wrapArray } from "../aliases.js";
import type { RawRule, SubjectType } from "../types.js";

export type PackRule<T extends RawRule<any, any>> =
  | [string, string]
  | [string, string, T["conditions"]]
  | [string, string, T["conditions"] | 0, 1]
  | [string, string, T["conditions"] | 0, 1 | 0, string]
  | [string, string, T["conditions"] | 0, 1 | 0, string | 0, string];
export type PackSubjectType<T extends SubjectType> = (type: T) => string;
export type UnpackSubjectType<T extends SubjectType> = (type: string) => T;

const joined = (value: any): any => (Array.isArray(value) ? value.join(",") : value);

/** Names that hold commas do not survive this, as in CASL. */
export function packRules<T extends RawRule<any, any>>(rules: readonly T[], packSubject?: PackSubjectType<T["subject"]>): PackRule<T>[] {
  return rules.map((rule) => {
    const packed: unknown[] = [
      joined(rule.action || (rule as { actions?: unknown }).actions),
      typeof packSubject === "function" ? wrapArray<any>(rule.subject).map(packSubject).join(",") : joined(rule.subject),
      rule.conditions || 0,
      rule.inverted ? 1 : 0,
      rule.fields ? joined(rule.fields) : 0,
      rule.reason || "",
    ];
    while (packed.length > 0 && !packed.at(-1)) packed.pop();
    return packed as PackRule<T>;
  });
}

export function unpackRules<T extends RawRule<any, any>>(rules: PackRule<T>[], unpackSubject?: UnpackSubjectType<T["subject"]>): T[] {
  return rules.map(([action, subject, conditions, inverted, fields, reason]) => {
    const subjects = subject.split(",");
    return {
      inverted: !!inverted,
      action: action.split(","),
      subject: typeof unpackSubject === "function" ? subjects.map(unpackSubject) : subjects,
      ...(conditions && { conditions }),
      ...(fields && { fields: fields.split(",") }),
      ...(reason && { reason }),
    } as unknown as T;
  });
}
