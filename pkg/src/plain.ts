// What JSON has a word for, exactly. Anything else is refused with its place: left out, it would be lost without a word, and with it a
// condition or a whole deny.

import { placeIn } from "./arguments.js";
import { NoWord } from "./errors.js";

/** Members of a context, the only place where a Date has a word: its `now`. */
const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === "[object Date]";

/** An object as `JSON.parse` makes them, of whichever realm: no class made it, and nothing is inherited but what all objects have. */
export function isPlainObject(value: object): boolean {
  const above: object | null = Object.getPrototypeOf(value);
  return above === null || (Object.getPrototypeOf(above) === null && Object.hasOwn(above, "hasOwnProperty"));
}

/** Where a walk is, for refusals. */
export class Place {
  readonly #steps: Array<string | number> = [];

  clear(): void {
    this.#steps.length = 0;
  }

  enter(step: string | number): void {
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
  }

  refuse(message: string): NoWord {
    return new NoWord(message, this.#steps.reduce<string>(placeIn, "$"));
  }

  /** What stands in the place of data and is none. */
  stranger(value: unknown): NoWord {
    if (typeof value !== "object" || value === null) return this.refuse(`there is no word for ${typeof value === "number" ? value : typeof value}`);
    const { constructor } = value as { constructor?: { name?: unknown } };
    return this.refuse(`an object of a class is no plain data (${typeof constructor === "function" ? String(constructor.name) : Object.prototype.toString.call(value)})`);
  }

  /** An item of a list. A place that was never filled is none. */
  item(list: readonly unknown[], index: number): unknown {
    if (!Object.hasOwn(list, index)) throw this.refuse("the place is empty");
    return list[index];
  }

  /** A list is its items and nothing else. */
  onlyItems(list: readonly unknown[]): void {
    if (Object.keys(list).length !== list.length) throw this.refuse("a list has members besides its items");
  }
}

/** Stands for the level of a request's facts, which may have any names: those that are undefined are not there. */
export const FACTS = -1;

/**
 * On how many levels further inside members may be undefined: on those whose types say so, where their names are known, and not in what is
 * somebody's data.
 */
export function openBelow(key: string, open: number): number {
  if (open <= 0 || key === "principal" || key === "actor" || key === "object") return 0;
  if (key === "attributes") return open > 1 ? FACTS : 0;
  return key === "context" ? 1 : open - 1;
}

/** A time may be given as a Date where we ask for one. */
export const timeOf = (key: string, value: unknown, open: number): unknown => (open > 0 && key === "now" && isDate(value) ? new Date(value).toISOString() : value);
