// Plain-text output: colour only where it is seen, columns that line up, and nothing that a terminal would obey.

import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colour for one output stream. `NO_COLOR` switches it off, `FORCE_COLOR` on; a pipe or file gets none. */
export function painter(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env) {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0";
  const on = !env.NO_COLOR && (forced || (stream.isTTY === true && env.TERM !== "dumb"));
  // Whether to paint is decided here, so node:util must not decide again.
  return (style: Style, text: string): string => (on ? styleText(style, text, { validateStream: false }) : text);
}

export type Paint = ReturnType<typeof painter>;

/**
 * Names come from snapshots and questions that somebody else wrote. Control characters, bidirectional marks and
 * lone surrogates are shown as escapes, so that no name can move the cursor, recolour or reorder what is printed.
 */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Cs}/gu, (c) =>
    `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Width on screen, near enough for alignment: wide East Asian characters and emoji count two, marks none. */
export function width(text: string): number {
  let columns = 0;
  // Colours take no room.
  for (const character of text.replace(/\u001b\[[\d;]*m/g, "")) {
    if (/\p{M}/u.test(character)) continue;
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(character) ? 2 : 1;
  }
  return columns;
}

export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}

/** As wide as a terminal is at the least. */
export const COLUMNS = 80;

/** Text in lines of so many columns, parted at blanks: a longer word stays whole, so that nothing is lost where it is piped. */
export function fold(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else line += (line === "" ? "" : " ") + word;
  }
  return [...lines, line];
}

/** The same, each line indented. */
export function wrap(text: string, indent: string): string {
  return fold(text, COLUMNS - indent.length).map((line) => `${indent}${line}\n`).join("");
}

/** A text's paragraphs folded anew; lines that begin with a blank stay as they are. */
export function paragraphs(text: string): string {
  return text.replace(/^\S.*(?:\n\S.*)*/gm, (prose) => fold(prose.replaceAll("\n", " "), COLUMNS).join("\n"));
}

/** A text behind another one: folded, its lines below one another. */
export function behind(head: string, columns: number, text: string): string {
  const hang = " ".repeat(columns);
  return fold(text, COLUMNS - columns).map((line, at) => `${at === 0 ? head : hang}${line}`.trimEnd() + "\n").join("");
}

/** Label and value, values in one column: the body of every report. */
export function fields(rows: ReadonlyArray<readonly [label: string, value: string]>, paint: Paint, indent = "  "): string {
  const column = Math.max(0, ...rows.map(([label]) => width(label))) + 2;
  return rows.map(([label, value]) => behind(`${indent}${paint("dim", pad(label, column))}`, indent.length + column, value)).join("");
}

/** Rows of cells, every column as wide as its widest cell, no blanks at the end of a line. What does not fit is folded within its column. */
export function table(rows: readonly (readonly string[])[], indent = "  "): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, width(cell))));
  narrow(widths, COLUMNS - indent.length);
  return rows.map((row) => rowLines(row, widths, indent)).join("");
}

/** The widest columns give room to the others, down to a fifth of it all. */
function narrow(widths: number[], room: number): void {
  for (let over = widths.reduce((sum, one) => sum + one + 2, -2) - room; over > 0; ) {
    const at = widths.indexOf(Math.max(...widths));
    const cut = Math.min(over, widths[at]! - Math.floor(room / 5));
    if (cut <= 0) return;
    widths[at] = widths[at]! - cut;
    over -= cut;
  }
}

function rowLines(row: readonly string[], widths: readonly number[], indent: string): string {
  const cells = row.map((cell, i) => fold(cell, widths[i]!));
  let out = "";
  for (let line = 0; line < Math.max(1, ...cells.map(({ length }) => length)); line++) {
    out += `${indent}${cells.map((cell, i) => pad(cell[line] ?? "", widths[i]! + 2)).join("")}`.trimEnd() + "\n";
  }
  return out;
}

/** `1 role`, `2 roles`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
