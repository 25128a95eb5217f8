// The conditions of a rule as a program has them, exactly: with dates, regular expressions, and objects that are equal to themselves
// alone. Whoever only loads snapshots does not need this.

import { Encoder } from "./encode.js";
import { attempt, CALLABLE, DATE, ExactWriter, HOLE, OF_OBJECT, PLAIN, THROWS } from "./exact.js";
import { COMPARED, type Operands } from "./reads.js";
import { isPlain } from "./text.js";
import { JS, LIST, NUMBER, OBJECT, TEXT } from "./writer.js";

type Members = Record<string, unknown>;

/** Deeper than the core reads, so that it refuses what is cut off here. */
const MAX_DEPTH = 70;

export class ConditionEncoder extends Encoder {
  /** Writes conditions down; what they compare with by identity is entered among the operands. */
  writeCondition(condition: unknown, operands: Operands): void {
    this.writer.clear();
    new ConditionWriter(this.writer, operands).condition(condition);
  }
}

class ConditionWriter extends ExactWriter {
  condition(condition: unknown): void {
    this.#operand(condition, true, MAX_DEPTH);
  }

  /** `open`: the core looks into it for fields and operators; elsewhere an object is only equal to itself. */
  #operand(value: unknown, open: boolean, depth: number, root = open): void {
    if (typeof value === "symbol") this.operands?.enter(value);
    if (!this.scalar(value)) this.guarded(() => this.#operandObject(value as Members, open, depth, root));
  }

  #operandObject(value: Members, open: boolean, depth: number, root: boolean): void {
    if (depth === 0) return this.js(THROWS);
    const writer = this.writer;
    const at = writer.node(JS, 0, 0);
    if (value instanceof Date) {
      writer.write(NUMBER, `${value.getTime()}`);
      return writer.end(JS, at, DATE);
    }
    const isList = Array.isArray(value);
    const isPlainObject = value["constructor"] === Object;
    let tag = OF_OBJECT | (isPlainObject ? PLAIN : 0) | (typeof value === "function" ? CALLABLE : 0);
    if (!root) {
      this.operands?.enter(value);
      tag |= this.comparison(value, COMPARED, depth, isList, true, false);
    }
    const keys = root || isPlainObject ? Object.keys(value) : [];
    const looksInto = open || keys.some((key) => key.startsWith("$"));
    if (isList) {
      const list = writer.node(LIST, 0, 0);
      const items: readonly unknown[] = open ? value : [];
      let count = 0;
      for (; count < items.length && !writer.isLong; count++) {
        // `$all` skips a place that was never filled.
        if (count in items) this.#operand(attempt(() => items[count]), false, depth - 1);
        else this.js(HOLE);
      }
      writer.end(LIST, list, count);
    } else {
      const members = writer.node(OBJECT, 0, 0);
      let count = 0;
      for (const key of looksInto ? keys : []) {
        if (writer.isLong) break;
        if (!isPlain(key)) throw new TypeError("half of a surrogate pair is no text");
        writer.write(TEXT, key);
        this.#operand(attempt(() => value[key]), key.startsWith("$"), depth - 1, false);
        count++;
      }
      writer.end(OBJECT, members, count);
    }
    writer.end(JS, at, tag);
  }
}
