// What a program gives to calls. Anything but what is asked for is a mistake worth an exception.

import { argumentError } from "./errors.js";

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
  for (const name of Object.keys(given)) if (!known.includes(name)) throw argumentError(`there is no option \`${name}\``);
}

/** Options of `loadPolicy` in builds that cannot judge policies. */
export function refuseStrict(given: { strict?: unknown } | undefined): void {
  checkOptions(given, "recordType", "strict");
  if (given?.strict) throw argumentError("strict loading is in latchgate/insight");
}
