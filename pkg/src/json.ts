// Objects → JSON text, exactly. `JSON.stringify` leaves out what it has no word for, and asks `toJSON` of whatever has one: a page may have
// given one to every list.

import { unwritable } from "./errors.js";
import { isPlainObject, openBelow, Place, timeOf } from "./plain.js";
import { isWellFormed } from "./text.js";
import { encoder } from "./utf8.js";

/** Deeper than the core reads, so that it says so of what is no loop. */
const MAX_DEPTH = 200;

/**
 * The bytes of an object's JSON text. Throws `ERR_ARGUMENT` with the place of what is no plain data; `what` is the subject of that sentence.
 * On `open` levels members may be undefined.
 */
export function jsonOf(value: unknown, what: string, open = 0): Uint8Array {
  try {
    return encoder().encode(new JsonWriter().write(value, MAX_DEPTH, open));
  } catch (cause) {
    throw unwritable(what, cause);
  }
}

class JsonWriter {
  readonly #place = new Place();

  write(value: unknown, depth: number, open: number): string {
    const place = this.#place;
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "number" && value - value === 0) return `${value}`;
    if (typeof value === "boolean" || value === null) return `${value}`;
    if (typeof value !== "object") throw place.stranger(value);
    if (depth === 0) throw place.refuse("it is nested too deep, or in a loop");
    if (Array.isArray(value)) return this.#list(value, depth - 1, open);
    if (isPlainObject(value)) return this.#object(value as Record<string, unknown>, depth - 1, open);
    throw place.stranger(value);
  }

  #text(text: string): string {
    if (!isWellFormed(text)) throw this.#place.refuse("half of a surrogate pair is no text");
    return JSON.stringify(text);
  }

  #list(list: readonly unknown[], depth: number, open: number): string {
    const place = this.#place;
    let json = "";
    for (let index = 0; index < list.length; index++) {
      place.enter(index);
      json += `${index > 0 ? "," : "["}${this.write(place.item(list, index), depth, open)}`;
      place.leave();
    }
    place.onlyItems(list);
    return json === "" ? "[]" : `${json}]`;
  }

  #object(members: Record<string, unknown>, depth: number, open: number): string {
    const place = this.#place;
    let json = "";
    if (Object.getOwnPropertySymbols(members).some((key) => Object.prototype.propertyIsEnumerable.call(members, key))) throw place.refuse("a symbol is no key");
    for (const key of Object.keys(members)) {
      const value = timeOf(key, members[key], open);
      if (value === undefined && open > 0) continue;
      place.enter(key);
      json += `${json === "" ? "{" : ","}${this.#text(key)}:${this.write(value, depth, openBelow(key, open))}`;
      place.leave();
    }
    return json === "" ? "{}" : `${json}}`;
  }
}
