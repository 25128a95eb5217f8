// Of which type a record is: the program says so. A record's own keys may come from anywhere, and are asked only where the program
// has said that they may be.

import { mustBeObject, mustBeText } from "./arguments.js";
import { argumentError } from "./errors.js";
import type { LoadOptions, Resource } from "./types.js";

/**
 * Every file of this package is complete in itself, so a program may hold several copies: two entries, or one that is imported and
 * required. What one copy has marked all have to know, or a policy with `recordType` would take a marked record at its own word. Hence one
 * registry for all, under a symbol: no JSON has symbols as keys, and marks are kept by the object, not in it.
 */
const MARKS = Symbol.for("latchgate.marks");
const realm = globalThis as { readonly [MARKS]?: WeakMap<object, string> };

/**
 * Says of which type a record is, for `can(action, record)`. The record is not touched: it may be frozen, and what comes of it by
 * spreading or as JSON is not marked.
 */
export function resource<R extends object>(type: string, record: R): R & Resource {
  mustBeText(type, "the type of record");
  mustBeObject(record, "the record");
  // Fixed where it is, so that nobody exchanges it by accident. Where globals are frozen this throws, and nothing is marked.
  if (realm[MARKS] === undefined) Object.defineProperty(realm, MARKS, { value: new WeakMap() });
  const known = markOf(record);
  if (known !== undefined && known !== type) throw argumentError(`the record is marked as one of type "${known}", not "${type}"`);
  realm[MARKS]!.set(record, type);
  return record as R & Resource;
}

/** What a record is marked as. */
export const markOf = (record: unknown): string | undefined => (typeof record === "object" && record !== null ? realm[MARKS]?.get(record) : undefined);

/** How a record says itself of which type it is, where the program has said that it may. */
export function typeReader(options: Pick<LoadOptions, "recordType"> | undefined): ((record: object) => unknown) | undefined {
  const recordType = options?.recordType;
  if (recordType === undefined) return undefined;
  if (typeof recordType === "function") return recordType;
  if (typeof recordType !== "string") throw argumentError("recordType must be a name or a function");
  return (record) => (record as Record<string, unknown>)[recordType];
}
