// Conditions that are plain data: attributes with texts, finite numbers and the like, by themselves or behind an operator. Whatever the
// values, such conditions read the same of a record, and are planned the same: those of one user differ from another's in values alone.

import { isInherited } from "../reads.js";
import { isPlain } from "../text.js";

/** So many different values are told apart. */
export const MOST_VALUES = 8;

/** Operators that ask whether a value is equal to another, to some of a list, and which of two is greater. */
const EQUAL: ReadonlySet<string> = new Set(["$eq", "$ne"]);
const AMONG: ReadonlySet<string> = new Set(["$in", "$nin"]);
const ORDER: ReadonlySet<string> = new Set(["$gt", "$gte", "$lt", "$lte"]);

type Members = Record<string, unknown>;

/** Own members that are values, of an object literal; or nothing. */
function keysOf(value: unknown): string[] | undefined {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype || "toJSON" in value) return undefined;
  const keys = Object.keys(value);
  for (let at = 0; at < keys.length; at++) if (!isPlain(keys[at]!) || isInherited(keys[at]!)) return undefined;
  return keys;
}

/** Plain conditions of some rules, as they were when they were read. */
export class PlainConditions {
  /** Nobody else can change these. */
  readonly copies: Members[] = [];
  /** What is the same for everybody: attributes, operators, values that are greater or less, and which values are the same. */
  shape = "";
  /** What is compared for equality: texts and numbers. */
  readonly values: Array<string | number> = [];

  /** Adds those of a rule; whether they are plain. A getter that throws is not. */
  add(conditions: unknown): boolean {
    try {
      return this.#add(conditions);
    } catch {
      return false;
    }
  }

  #add(conditions: unknown): boolean {
    const fields = keysOf(conditions);
    if (fields === undefined) return false;
    const copy: Members = {};
    this.shape += "{";
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at]!;
      if (field.charCodeAt(0) === 0x24) return false;
      // With its length, so that no name passes for something else.
      this.shape += `${field.length}:${field}`;
      const value = (conditions as Members)[field];
      if (this.#equal(value)) copy[field] = value;
      else {
        const operators = this.#operators(value);
        if (operators === undefined) return false;
        copy[field] = operators;
      }
    }
    this.shape += "}";
    this.copies.push(copy);
    return true;
  }

  #operators(value: unknown): Members | undefined {
    const operators = keysOf(value);
    if (operators === undefined || operators.length === 0) return undefined;
    const copy: Members = {};
    this.shape += "(";
    for (const operator of operators) {
      const operand = (value as Members)[operator];
      this.shape += operator;
      if (EQUAL.has(operator) && this.#equal(operand)) copy[operator] = operand;
      else if (AMONG.has(operator) && Array.isArray(operand) && operand.length <= MOST_VALUES) {
        const items: unknown[] = (copy[operator] = operand.slice());
        this.shape += "[";
        // Not `every`: it passes over places that were never filled.
        for (let at = 0; at < items.length; at++) if (!this.#equal(items[at])) return undefined;
        this.shape += "]";
      } else if (ORDER.has(operator) && typeof operand === "number" && operand - operand === 0) {
        copy[operator] = operand;
        this.shape += `${operand},`;
      } else return undefined;
    }
    this.shape += ")";
    return copy;
  }

  /** Enters a value that others are equal to. */
  #equal(value: unknown): boolean {
    if (typeof value === "string" ? isPlain(value) : typeof value === "number" && value - value === 0) {
      let at = this.values.indexOf(value as string | number);
      if (at < 0) at = this.values.push(value as string | number) - 1;
      this.shape += typeof value === "string" ? `t${at},` : `n${at},`;
    } else if (value === null || typeof value === "boolean") this.shape += `${value},`;
    else return false;
    return true;
  }

  /** The same conditions with others in place of these values. */
  with(values: readonly string[]): unknown[] {
    return this.copies.map((copy) => this.#replaced(copy, values));
  }

  #replaced(value: unknown, by: readonly string[]): unknown {
    if (typeof value === "string" || typeof value === "number") return by[this.values.indexOf(value)];
    if (Array.isArray(value)) return value.map((item) => this.#replaced(item, by));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, ORDER.has(key) ? member : this.#replaced(member, by)]));
  }
}
