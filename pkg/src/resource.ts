// Of which type a record is: the program says so. A record's own keys may come from anywhere, and are asked only where the program
// has said that they may be.

import { mustBeObject, mustBeText } from "./arguments.js";
import { argumentError } from "./errors.js";
import { mark, markOf } from "./marks.js";
import type { LoadOptions, Resource } from "./types.js";

/**
 * Says of which type a record is, for `can(action, record)`. What `subject` of `latchgate/casl` has marked counts as well, and the other
 * way round. The record is not touched: it may be frozen, and what comes of it by
 * spreading or as JSON is not marked.
 */
export function resource<R extends object>(type: string, record: R): R & Resource {
  mustBeText(type, "the type of record");
  mustBeObject(record, "the record");
  const known = markOf(record);
  if (known !== undefined && known !== type) throw argumentError(`the record is marked as one of type "${known}", not "${type}"`);
  mark(record, type);
  return record as R & Resource;
}

/** What tells the time, where the program brings it. */
export function clockOf(options: Pick<LoadOptions, "clock"> | undefined): (() => number | Date) | undefined {
  const clock = options?.clock;
  if (clock !== undefined && typeof clock !== "function") throw argumentError("`clock` is a function that gives the time");
  return clock;
}

/** How a record says itself of which type it is, where the program has said that it may. */
export function typeReader(options: Pick<LoadOptions, "recordType"> | undefined): ((record: object) => unknown) | undefined {
  const recordType = options?.recordType;
  if (recordType === undefined) return undefined;
  if (typeof recordType === "function") return recordType;
  if (typeof recordType !== "string") throw argumentError("recordType must be a name or a function");
  return (record) => (record as Record<string, unknown>)[recordType];
}
