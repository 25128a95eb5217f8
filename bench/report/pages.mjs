// What the documents quote of a complete run: the tables of docs/benchmark.md and the few rows of README.md, each between two comments.

import { readFileSync, writeFileSync } from "node:fs";
import { benchmarkPage, readme } from "../lib/paths.mjs";
import { headline, summary } from "./document.mjs";

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/** Each page as it is and as this run would have it. */
export function pagesOf(run) {
  return [
    [benchmarkPage, summary(run)],
    [readme, headline(run)],
  ].map(([file, text]) => {
    const page = readFileSync(file, "utf8");
    const from = page.indexOf(BEGIN);
    const to = page.indexOf(END);
    if (from < 0 || to < from) throw new Error(`${file} has no ${BEGIN} … ${END} to write between`);
    return { file, page, wanted: `${page.slice(0, from + BEGIN.length)}\n${text}\n${page.slice(to)}` };
  });
}

export function writePages(run) {
  for (const { file, wanted } of pagesOf(run)) writeFileSync(file, wanted);
}
