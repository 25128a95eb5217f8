// What a program gives to calls. Anything but what is asked for is a mistake worth an exception.

import { argumentError, LatchgateError } from "./errors.js";
import { nearest } from "./nearest.js";

/** Names come from the program, not from data. */
export function mustBeText<T extends string>(value: T, what: string): T {
  if (typeof value !== "string") throw argumentError(`${what} must be text, not ${value === null ? "null" : typeof value}`);
  return value;
}

export function mustBeObject(value: object, what: string): void {
  if (typeof value !== "object" || value === null) throw argumentError(`${what} must be an object`);
}

/** Options. A name that nobody knows is refused: passed over, a misspelt `strict` would load what it was to refuse. */
export function checkOptions(given: object | undefined, ...known: string[]): void {
  if (given === undefined) return;
  mustBeObject(given, "options");
  if (Array.isArray(given)) throw argumentError("options must be an object");
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    throw new LatchgateError("ERR_ARGUMENT", `there is no option \`${name}\`${meant === undefined ? "" : `: did you mean \`${meant}\`?`}`, placeIn("$", name));
  }
}

/** Options of `loadPolicy` in builds that cannot judge policies. */
export function refuseStrict(given: { strict?: unknown } | undefined): void {
  checkOptions(given, "recordType", "strict", "clock");
  if (given?.strict) throw argumentError("strict loading is in latchgate/insight");
}

/** The place of a member or an item, as the core writes it. */
export const placeIn = (path: string, key: string | number): string =>
  typeof key === "number" ? `${path}[${key}]` : /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
