// Records as JavaScript compares their values, for the core to decide as a server in JavaScript would: only what is read of them.
// Whatever throws on the way is written down as such and counts where it is looked at.

import { COMPARED, isPlace, itemOf, type Node, type Operands, spread } from "./reads.js";
import { isPlain } from "./text.js";
import { BOOL, JS, LIST, NULL, NUMBER, OBJECT, TEXT, type Writer } from "./writer.js";

/** As deep as the core reads. A loop is deeper. */
export const MAX_DEPTH = 60;

// As src/value/js.rs has them.
const UNDEFINED = 0;
export const HOLE = 1;
export const THROWS = 2;
export const DATE = 3;
const BIGINT = 4;
const SYMBOL = 5;
const INHERITED = 6;
const LENDS = 6 | (1 << 3);
export const OF_OBJECT = 7;
const BELOW = 1 << 3;
const ABOVE = 1 << 4;
export const PLAIN = 1 << 3;
export const CALLABLE = 1 << 4;
const BARE = 1 << 5;
const IDENTITY = 1 << 6;
const JSON_FORM = 1 << 7;
const PRIMITIVE = 1 << 8;
const PATTERN = 1 << 9;

const DEFAULT = "[object Object]";

type Members = Record<string, unknown>;

/** Stands for what could not be read. */
const THROWN = Symbol();
/** Stands for what is not there. */
const NONE = Symbol();

export function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return THROWN;
  }
}

const isObject = (value: unknown): value is object => (typeof value === "object" && value !== null) || typeof value === "function";

/** ToPrimitive with the hint `number`, as `>` does it. */
function primitiveOf(value: object): unknown {
  const exotic = (value as { [Symbol.toPrimitive]?: unknown })[Symbol.toPrimitive];
  if (exotic !== undefined && exotic !== null) {
    const primitive = (exotic as (hint: string) => unknown).call(value, "number");
    if (isObject(primitive)) throw new TypeError("no primitive");
    return primitive;
  }
  for (const name of ["valueOf", "toString"]) {
    const convert = (value as Members)[name];
    if (typeof convert !== "function") continue;
    const primitive: unknown = convert.call(value);
    if (!isObject(primitive)) return primitive;
  }
  throw new TypeError("no primitive");
}

/** On which side of the double nearest to it a whole number lies. */
function restOf(value: bigint): number {
  const near = Number(value);
  if (!Number.isFinite(near)) return near > 0 ? BELOW : ABOVE;
  const exact = BigInt(near);
  return value < exact ? BELOW : value > exact ? ABOVE : 0;
}

export class ExactWriter {
  protected readonly writer: Writer;
  protected readonly operands: Operands | undefined;
  /** So many lists are open. */
  #lists = 0;

  constructor(writer: Writer, operands: Operands | undefined) {
    this.writer = writer;
    this.operands = operands;
  }

  /** A record, by what is read of it. */
  record(record: unknown, root: Node): void {
    // The core takes an object for a record, be it what it may.
    this.#value(record, Array.isArray(record) ? { ...root, odd: true } : root, root.lists, MAX_DEPTH);
  }

  protected js(tag: number): void {
    this.writer.end(JS, this.writer.node(JS, 0, 0), tag);
  }

  #text(text: string): void {
    // UTF-8 has no word for half of a surrogate pair: whoever looks at it has no answer.
    if (isPlain(text)) this.writer.write(TEXT, text);
    else this.js(THROWS);
  }

  /** Anything but an object; whether it was. */
  protected scalar(value: unknown): boolean {
    const writer = this.writer;
    switch (typeof value) {
      case "string":
        this.#text(value);
        return true;
      case "number":
        writer.write(NUMBER, `${value}`);
        return true;
      case "boolean":
        writer.node(BOOL, value ? 1 : 0, 0);
        return true;
      case "undefined":
        this.js(UNDEFINED);
        return true;
      case "bigint": {
        const at = writer.node(JS, 0, 0);
        writer.write(TEXT, `${value}`);
        writer.end(JS, at, BIGINT | restOf(value));
        return true;
      }
      case "symbol": {
        if (value === THROWN) this.js(THROWS);
        else {
          const at = writer.node(JS, 0, 0);
          writer.write(NUMBER, `${this.operands?.find(value) ?? 0}`);
          writer.end(JS, at, SYMBOL);
        }
        return true;
      }
      default:
        if (value === null) writer.node(NULL, 0, 0);
        return value === null;
    }
  }

  /**
   * `inside`: an item of a list, which is compared as a whole. A path goes on through what comes of a list, be it no record: it reads
   * what all of that kind have.
   */
  #value(value: unknown, node: Node, lists: number, depth: number, inside = false): void {
    const goesOn = node.names.length > 0 && (this.#lists > 0 || node.named);
    if (!goesOn && this.scalar(value)) return;
    this.guarded(() => {
      const writer = this.writer;
      const at = writer.node(JS, 0, 0);
      const isOther = isObject(value) ? Array.isArray(value) && (inside || node.named) : value != null && value !== THROWN;
      const lends = goesOn && isOther && depth > 0 && this.#members(value as Members, node, depth - 1) > 0;
      if (!lends) writer.back(at);
      if (!this.scalar(value)) this.#object(value as object, node, lists, depth, inside);
      if (lends) writer.end(JS, at, LENDS);
    });
  }

  /** A member of an object, or of an item. */
  #member(value: unknown, asked: Node, depth: number): void {
    const node = this.#lists > 0 ? spread(asked) : asked;
    this.#value(value, node, node.lists, depth);
  }

  /** A proxy may throw wherever it is touched. */
  protected guarded(write: () => void): void {
    const at = this.writer.place;
    try {
      write();
    } catch {
      this.writer.back(at);
      this.js(THROWS);
    }
  }

  /** `final`: what `toJSON` gave, which is not asked again. */
  #object(value: object, node: Node, lists: number, depth: number, inside: boolean, final = false): void {
    if (depth === 0) return this.js(THROWS);
    const writer = this.writer;
    const isList = Array.isArray(value);
    const { compares } = node;
    if (compares && value instanceof Date && !final) {
      const time = attempt(() => value.getTime());
      if (node.names.length === 0 && typeof time === "number") {
        const at = writer.node(JS, 0, 0);
        writer.write(NUMBER, `${time}`);
        return writer.end(JS, at, DATE);
      }
    }
    const at = writer.node(JS, 0, 0);
    let tag = OF_OBJECT;
    if (typeof value === "function") tag |= CALLABLE;
    if (typeof attempt(() => (value as Members)["hasOwnProperty"]) !== "function") tag |= BARE;
    // A path that goes on behind a function ends on it in CASL 6, and compares it.
    if (compares || typeof value === "function") tag |= this.comparison(value, node, depth, isList, inside, final);
    // Plain data stands for itself.
    if (tag === OF_OBJECT && !node.odd) writer.back(at);
    if (isList) this.#list(value, node, lists, depth - 1);
    else this.#members(value as Members, node, depth - 1);
    if (tag !== OF_OBJECT || node.odd) writer.end(JS, at, tag);
  }

  /** What an object does when it is compared. */
  protected comparison(value: object, node: Node, depth: number, isList: boolean, inside: boolean, final: boolean): number {
    const writer = this.writer;
    let tag = 0;
    const identity = this.operands?.find(value) ?? 0;
    if (identity > 0) {
      writer.write(NUMBER, `${identity}`);
      tag |= IDENTITY;
    }
    const asked = final || typeof value === "function" ? NONE : value instanceof Date ? attempt(() => value.getTime()) : this.#toJson(value);
    if (asked !== NONE) {
      if (isObject(asked)) this.guarded(() => this.#object(asked, COMPARED, 0, depth - 1, true, true));
      else this.scalar(asked);
      return tag | JSON_FORM;
    }
    const primitive = isList && !inside && (value as unknown[]).every(isSimple) ? DEFAULT : attempt(() => primitiveOf(value));
    if (isList && !inside ? primitive === THROWN : primitive !== DEFAULT || isList || node.odd) {
      this.scalar(primitive);
      tag |= PRIMITIVE;
    }
    return value instanceof RegExp ? tag | this.#pattern(value) : tag;
  }

  #toJson(value: object): unknown {
    return attempt(() => {
      const { toJSON } = value as { toJSON?: unknown };
      return typeof toJSON === "function" ? (value as { toJSON(): unknown }).toJSON() : NONE;
    });
  }

  #pattern(value: RegExp): number {
    this.#text(value.source);
    this.#text(value.flags);
    return PATTERN;
  }

  #list(list: readonly unknown[], node: Node, lists: number, depth: number): void {
    const writer = this.writer;
    const at = writer.node(LIST, 0, 0);
    this.#lists++;
    let index = 0;
    for (; index < list.length && !writer.isLong; index++) {
      const item = itemOf(node, lists, index);
      if (item === undefined) {
        // Counted, and not looked at: were it, that would be no answer.
        this.js(THROWS);
        continue;
      }
      const value = attempt(() => list[index]);
      if (value === undefined && !(index in list)) this.js(HOLE);
      else this.#value(value, item, item === node ? lists - 1 : item.lists, depth, true);
    }
    this.#lists--;
    writer.end(LIST, at, index);
  }

  /** How many there are. The items of a list are written for themselves. */
  #members(object: Members, node: Node, depth: number): number {
    const writer = this.writer;
    const isList = Array.isArray(object);
    const at = writer.node(OBJECT, 0, 0);
    let count = 0;
    for (let index = 0; index < node.names.length && !writer.isLong; index++) {
      const name = node.names[index]!;
      const asked = node.nodes[index]!;
      if (isList && isPlace(name)) continue;
      const has = attempt(() => Object.hasOwn(object, name));
      // Where even that throws, it is for the core to say whether it counts.
      const own = has !== false;
      if (!own && !asked.looks) continue;
      const value = has === THROWN ? THROWN : asked.looks ? attempt(() => object[name]) : undefined;
      if (!own && value === undefined) continue;
      writer.write(TEXT, name);
      const inherited = own ? -1 : writer.node(JS, 0, 0);
      this.#member(value, asked, depth);
      if (inherited >= 0) writer.end(JS, inherited, INHERITED);
      count++;
    }
    writer.end(OBJECT, at, count);
    return count;
  }
}

/** An item whose text nothing can change. */
const isSimple = (item: unknown): boolean => !isObject(item) && typeof item !== "symbol";
