// Values → what src/tagged.rs takes. Questions are plain data, and written down exactly: what JSON has no word for is refused with its
// place. Records of a system that compares JSON forms are written as those; of a record that is read exactly values cross as they are.

import { ExactWriter } from "./exact.js";
import { FACTS, isPlainObject, openBelow, Place, timeOf } from "./plain.js";
import { isInherited, type Node, Reading } from "./reads.js";
import { isWellFormed } from "./text.js";
import { BOOL, LIST, NULL, NUMBER, OBJECT, TEXT, Writer } from "./writer.js";

/** As deep as the core reads. A loop is deeper. */
const MAX_DEPTH = 64;
/** The depth that members of a record are written with. */
const RECORD = MAX_DEPTH - 1;

type Members = Record<string, unknown>;

/** Writes one value after the other into the same memory; good until the next one. */
export class Encoder {
  protected readonly writer: Writer;
  readonly #place = new Place();

  constructor(longest: number) {
    this.writer = new Writer(longest);
  }

  get text(): Uint8Array {
    return this.writer.text;
  }

  get nodes(): Uint32Array {
    return this.writer.nodes;
  }

  /** Throws for what is no plain data, and what getters throw. On so many levels members may be undefined. */
  write(value: unknown, open = 2): void {
    this.writer.clear();
    this.#place.clear();
    this.#plain(value, MAX_DEPTH, open);
  }

  #plain(value: unknown, depth: number, open: number): void {
    const writer = this.writer;
    const place = this.#place;
    if (typeof value === "string") {
      if (!isWellFormed(value)) throw place.refuse("half of a surrogate pair is no text");
      writer.write(TEXT, value);
    } else if (typeof value === "number" && value - value === 0) writer.write(NUMBER, `${value}`);
    else if (typeof value === "boolean") writer.node(BOOL, value ? 1 : 0, 0);
    else if (value === null) writer.node(NULL, 0, 0);
    else if (typeof value !== "object") throw place.stranger(value);
    else if (value instanceof Reading) this.#record(value);
    else if (depth === 0) throw place.refuse("it is nested too deep, or in a loop");
    else if (Array.isArray(value)) this.#items(value, depth - 1);
    else if (isPlainObject(value)) this.#pairs(value as Members, depth - 1, open);
    else throw place.stranger(value);
  }

  #items(items: readonly unknown[], depth: number): void {
    const at = this.writer.node(LIST, 0, 0);
    const place = this.#place;
    let count = 0;
    for (; count < items.length && !this.writer.isLong; count++) {
      place.enter(count);
      this.#plain(place.item(items, count), depth, 0);
      place.leave();
    }
    place.onlyItems(items);
    this.writer.end(LIST, at, count);
  }

  #pairs(members: Members, depth: number, open: number): void {
    const { writer } = this;
    const at = writer.node(OBJECT, 0, 0);
    const place = this.#place;
    let count = 0;
    for (const key of Object.keys(members)) {
      if (writer.isLong) break;
      const value = timeOf(key, members[key], open);
      if (value === undefined && open === FACTS) continue;
      place.enter(key);
      if (!isWellFormed(key)) throw place.refuse("half of a surrogate pair is no text");
      writer.write(TEXT, key);
      // Not left out: the core has to see whether it knows the name.
      this.#plain(value === undefined && open > 0 ? null : value, depth, openBelow(key, open));
      place.leave();
      count++;
    }
    writer.end(OBJECT, at, count);
  }

  #words(text: string): void {
    if (!isWellFormed(text)) throw new TypeError("half of a surrogate pair is no text");
    this.writer.write(TEXT, text);
  }

  /** Whether there was something to write. `node`: only what is asked of it. */
  #value(given: unknown, key: string, depth: number, node?: Node): boolean {
    const writer = this.writer;
    const value = typeof given === "object" || typeof given === "bigint" ? plain(given, key) : given;
    switch (typeof value) {
      case "string":
        this.#words(value);
        return true;
      case "number":
        if (value - value !== 0) throw new TypeError(`there is no word for ${value}`);
        writer.write(NUMBER, `${value}`);
        return true;
      case "boolean":
        writer.node(BOOL, value ? 1 : 0, 0);
        return true;
      case "bigint":
        // N20: as the id of a record it is a text like any other. Whether a condition's number equals it, JSON has no word for.
        if (key === "id" && depth === RECORD && node?.compares === false) {
          this.#words(`${value}`);
          return true;
        }
        throw new TypeError("there is no word for bigint");
      case "object":
        if (value === null) writer.node(NULL, 0, 0);
        else if (value instanceof Reading) this.#record(value);
        else if (depth === 0) throw new TypeError("it is nested too deep, or in a loop");
        else if (Array.isArray(value)) this.#list(value, depth - 1, node);
        else if (node === undefined) this.#object(value as Members, depth - 1);
        else this.#members(value as Members, depth - 1, node);
        return true;
      default:
        return false;
    }
  }

  #record({ record, reads, operands }: Reading): void {
    if (reads.exact) new ExactWriter(this.writer, operands).record(record, reads.root);
    // A list is no record, whatever else it bears.
    else if (Array.isArray(record)) this.#list([], 0, undefined);
    else this.#members(record as Members, RECORD, reads.root);
  }

  #list(items: readonly unknown[], depth: number, node: Node | undefined): void {
    const at = this.writer.node(LIST, 0, 0);
    let count = 0;
    for (; count < items.length && !this.writer.isLong; count++) {
      if (!this.#value(items[count], `${count}`, depth, node)) this.writer.node(NULL, 0, 0);
    }
    this.writer.end(LIST, at, count);
  }

  #object(members: Members, depth: number): void {
    const at = this.writer.node(OBJECT, 0, 0);
    let count = 0;
    for (const key of Object.keys(members)) {
      if (this.writer.isLong) break;
      if (this.#member(members, key, depth)) count++;
    }
    this.writer.end(OBJECT, at, count);
  }

  /** The members that are read. Names that every object has only count where the record itself has them. */
  #members(members: Members, depth: number, node: Node): void {
    const at = this.writer.node(OBJECT, 0, 0);
    let count = 0;
    node.names.forEach((name, index) => {
      if (this.writer.isLong || (isInherited(name) && !Object.hasOwn(members, name))) return;
      if (this.#member(members, name, depth, node.nodes[index])) count++;
    });
    this.writer.end(OBJECT, at, count);
  }

  #member(members: Members, key: string, depth: number, node?: Node): boolean {
    const before = this.writer.place;
    this.#words(key);
    const there = this.#value(members[key], key, depth, node);
    if (!there) this.writer.back(before);
    return there;
  }
}

/** As `JSON.stringify` sees it: `toJSON` is asked, and boxed values are what they box. */
function plain(value: unknown, key: string): unknown {
  if (value === null || value === undefined) return value;
  const toJson = (value as { toJSON?: unknown }).toJSON;
  const given = typeof toJson === "function" ? toJson.call(value, key) : value;
  return given instanceof String || given instanceof Number || given instanceof Boolean ? given.valueOf() : given;
}
