// Tables without frames. Cells are folded at blanks so that a line has 80 columns; a longer name stays whole, as nothing may be lost.

import Table from "cli-table3";
import { COLUMNS, fold, type Paint, printable, width } from "../text.js";

const BARE = {
  ...Object.fromEntries(["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"].map((name) => [name, ""])),
  ...Object.fromEntries(["mid", "left-mid", "mid-mid", "right-mid", "right"].map((name) => [name, ""])),
  left: "  ",
  middle: "  ",
};

/** A cell: lines of its own, each of which may be folded. */
export type Cell = string | readonly string[];

/** Columns under headings; the last one takes what the others leave. */
export function columns(head: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string {
  if (rows.length === 0) return "";
  const table = new Table({ chars: BARE, style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 } });
  const lines = (cell: Cell): readonly string[] => (typeof cell === "string" ? [cell] : cell).map(printable);
  const widest = head.map((title, at) => Math.max(width(title), ...rows.map((row) => Math.max(...lines(row[at] ?? "").map(width)))));
  // Half of the screen at the most, but for the last one.
  const room = widest.map((columns) => Math.min(columns, 36));
  const used = room.slice(0, -1).reduce((sum, columns) => sum + columns + 2, 2);
  room[room.length - 1] = Math.max(24, COLUMNS - used);
  table.push(head.map((title) => paint("dim", title)));
  for (const row of rows) {
    table.push(head.map((_, at) => lines(row[at] ?? "").flatMap((line) => fold(line, room[at]!)).join("\n")));
  }
  return table.toString().split("\n").map((line) => `${line.trimEnd()}\n`).join("");
}
