// What a record is: names, classes, and the marks that `subject` leaves (casl 1.4).

import { CASL_MARK as MARK, markOf, markOfResource } from "../marks.js";
import type { AnyClass, AnyRecord, ForcedSubject, SubjectClass, SubjectType } from "./types.js";


const hasOwn = (object: object, name: string): boolean => Object.prototype.hasOwnProperty.call(object, name);

/** Marks an object as a subject of a type, for principals of a policy as well. The mark is not seen by loops, spreads or JSON; it cannot be changed. */
export function subject<T extends string, U extends AnyRecord>(type: T, object: U): U & ForcedSubject<T> {
  if (object) {
    const known: unknown = hasOwn(object, MARK) ? object[MARK] : markOfResource(object);
    if (known !== undefined && known !== type) throw new Error(`Trying to cast object to subject type ${type} but previously it was casted to ${known}`);
    if (!hasOwn(object, MARK)) Object.defineProperty(object, MARK, { value: type });
  }
  return object as U & ForcedSubject<T>;
}

/** Whether a value stands for a type: a name or a class. */
export const isSubjectType = (value: unknown): value is SubjectType => typeof value === "string" || typeof value === "function";

const className = (type: SubjectClass): string => type.modelName || type.name;

/** The name of a type. */
export const typeName = (type: SubjectType): string => (typeof type === "string" ? type : className(type));

/**
 * CASL's own detection: the mark, else the name of `object.constructor`. It believes what the object says of itself: an object parsed
 * from somebody's JSON is of whatever type it claims. See {@link trustedSubjectType}.
 */
export function detectSubjectType(object: object): string {
  if (hasOwn(object, MARK)) return (object as ForcedSubject<string>)[MARK];
  return markOfResource(object) ?? className((object as { constructor: SubjectClass }).constructor);
}

/** The detection of abilities whose rules all name classes. */
export const detectClass = (object: object): SubjectClass => (object as { constructor: SubjectClass }).constructor;

/**
 * A detection for `detectSubjectType` of the options that believes no key of the object itself: only a mark that {@link subject} has
 * made, which JSON and spreads cannot make, and the class that the object was really made by.
 */
export function trustedSubjectType(object: object): string {
  const mark = markOf(object);
  if (mark !== undefined) return mark;
  const made = (Object.getPrototypeOf(object) as { constructor?: unknown } | null)?.constructor;
  return typeof made === "function" ? className(made as AnyClass) : "Object";
}
