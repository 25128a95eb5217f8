// What crosses of a record: the attributes that some rule of this policy reads, and nothing else. A record may be a class
// instance with getters, have a thousand fields or reach half of the database; none of that is looked at.

import { toJson } from "./json.js";

/** Writes `id` and the attributes it was made for as a JSON object. Throws for what JSON cannot express. */
export type RecordWriter = (record: object) => string;

export function recordWriter(attributes: readonly string[]): RecordWriter {
  // `id` always: a grant may name one single record. Names such as `constructor` and `__proto__` exist on every object;
  // they only count where the record itself has them.
  const keys = [...new Set(["id", ...attributes])].map((name) => ({ name, ownOnly: name in Object.prototype }));
  return (record) => {
    // Without a prototype, `__proto__` is a key like any other here.
    const copy: Record<string, unknown> = Object.create(null);
    let simple = true;
    for (const { name, ownOnly } of keys) {
      if (ownOnly && !Object.prototype.hasOwnProperty.call(record, name)) continue;
      const value = (record as Record<string, unknown>)[name];
      if (value === undefined) continue;
      copy[name] = value;
      if (typeof value === "object" ? value !== null : typeof value === "number" && !Number.isFinite(value)) simple = false;
    }
    // Looking at every value from inside JSON.stringify is several times slower, and rarely needed.
    return simple ? JSON.stringify(copy) : toJson(copy);
  };
}
