// The marks that say of which type a record is: those of `resource`, and those of `subject` in latchgate/casl.

/**
 * Every file of this package is complete in itself, so a program may hold several copies: two entries, or one that is imported and
 * required. What one copy has marked all have to know, or a policy with `recordType` would take a marked record at its own word. Hence one
 * registry for all, under a symbol: no JSON has symbols as keys, and marks are kept by the object, not in it.
 */
const MARKS = Symbol.for("latchgate.marks");
const realm = globalThis as { readonly [MARKS]?: WeakMap<object, string> };

/** The member by which CASL's `subject` marks a record: neither listed nor copied. */
export const CASL_MARK = "__caslSubjectType__";

export function mark(record: object, type: string): void {
  // Fixed where it is, so that nobody exchanges it by accident. Where globals are frozen this throws, and nothing is marked.
  if (realm[MARKS] === undefined) Object.defineProperty(realm, MARKS, { value: new WeakMap() });
  realm[MARKS]!.set(record, type);
}

/** What `resource` has marked a record as. */
export const markOfResource = (record: object): string | undefined => realm[MARKS]?.get(record);

/** What a record is marked as. Of CASL's marks only those count that no JSON and no spread can make. */
export function markOf(record: unknown): string | undefined {
  if (typeof record !== "object" || record === null) return undefined;
  const marked = markOfResource(record);
  if (marked !== undefined) return marked;
  const own = Object.getOwnPropertyDescriptor(record, CASL_MARK);
  return own !== undefined && !own.enumerable && typeof own.value === "string" ? own.value : undefined;
}
