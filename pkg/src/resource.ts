// Of which type a record is: the program says so. A record's own keys may come from anywhere, and are asked only where the program
// has said that they may be.

import { argumentError } from "./errors.js";
import type { LoadOptions, Resource } from "./types.js";

const marked = new WeakMap<object, string>();

/**
 * Says of which type a record is, for `can(action, record)`. The record is not touched: it may be frozen, and what comes of it by
 * spreading or as JSON is not marked.
 */
export function resource<R extends object>(type: string, record: R): R & Resource {
  if (typeof type !== "string") throw argumentError(`the type of a record must be text, not ${type === null ? "null" : typeof type}`);
  if (typeof record !== "object" || record === null) throw argumentError(`a record is needed, not ${record === null ? "null" : typeof record}`);
  const known = marked.get(record);
  if (known !== undefined && known !== type) throw argumentError(`the record is marked as one of type "${known}" and cannot be of type "${type}"`);
  marked.set(record, type);
  return record as R & Resource;
}

/** What a record is marked as. */
export const markOf = (record: unknown): string | undefined => (typeof record === "object" && record !== null ? marked.get(record) : undefined);

/** How a record says itself of which type it is, where the program has said that it may. */
export function typeReader(options: LoadOptions | undefined): ((record: object) => unknown) | undefined {
  const recordType = options?.recordType;
  if (recordType === undefined) return undefined;
  if (typeof recordType === "function") return recordType;
  if (typeof recordType !== "string") throw argumentError(`recordType must be a name or a function, not ${recordType === null ? "null" : typeof recordType}`);
  return (record) => (record as Record<string, unknown>)[recordType];
}
