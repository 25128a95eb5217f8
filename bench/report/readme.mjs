// The part of README.md that a complete run writes.

import { readFileSync, writeFileSync } from "node:fs";
import { readme } from "../lib/paths.mjs";

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

export function writeReadme(text) {
  const page = readFileSync(readme, "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md has no ${BEGIN} … ${END} to write between`);
  writeFileSync(readme, `${page.slice(0, from + BEGIN.length)}\n${text}\n${page.slice(to)}`);
}
