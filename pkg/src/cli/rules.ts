// The rule pages that travel in the package: which page defines a number, and what it says.

import { readFileSync } from "node:fs";
import { CliError } from "./errors.js";

/** The letter that a number begins with, and the page. A W behind the letter marks a rule about edits. */
const PAGES: Readonly<Record<string, string>> = {
  H: "hantera",
  E: "emporix",
  A: "open-archiver",
  K: "kura",
  I: "ithbat",
  N: "native",
};

export interface Rule {
  number: string;
  /** From the root of the package, with the anchor. */
  page: string;
  /** What the page says, paragraph by paragraph; a source that it abbreviates is written out behind them. */
  paragraphs: string[];
}

interface Place {
  number: string;
  file: string;
  page: string;
}

/** Where a number is defined; `undefined` for what is no number of a rule, such as `load`. */
function placeOf(text: string): Place | undefined {
  const casl = /^casl (\d+\.\d+(?: #\d+)?)$/i.exec(text);
  const system = /^([HEAKIN])(W?)(\d+)$/i.exec(text);
  const name = casl ? "casl" : PAGES[system?.[1]?.toUpperCase() ?? ""];
  if (name === undefined) return undefined;
  const number = casl ? `casl ${casl[1]}` : text.toUpperCase();
  const file = `docs/rules/${name}.md`;
  return { number, file, page: `${file}#${number.toLowerCase().replace(/[^a-z0-9]+/g, "-")}` };
}

/** `H3, docs/rules/hantera.md#h3`: what a report says of the rule that decides. */
export function ruleWords(rule: string): string {
  const place = placeOf(rule);
  return place === undefined ? rule : `${rule}, ${place.page}`;
}

export function ruleOf(text: string): Rule {
  const place = placeOf(text.trim().replace(/\s+/g, " "));
  const page = place && readPage(place.file);
  const section = page && new RegExp(`^### ${place.number}\\n([^]*?)(?=^#|^<a |$(?![^]))`, "m").exec(page)?.[1];
  if (section === undefined) throw new CliError("ERR_RULE_UNKNOWN", `there is no rule \`${text}\`; docs/rules/index.md lists the pages`);
  const paragraphs = section.trim().split(/\n{2,}/).map((paragraph) => paragraph.replaceAll("\n", " ").replace(/\[([^\]]*)\]\((?!https:)[^)]*\)/g, "$1"));
  return { number: place!.number, page: place!.page, paragraphs: [...paragraphs, ...sourcesOf(page!, paragraphs)] };
}

/** Rows of the page's table of sources that a paragraph names. Links become their addresses. */
function sourcesOf(page: string, paragraphs: readonly string[]): string[] {
  const words = new Set(paragraphs.filter((paragraph) => paragraph.startsWith("Source:")).flatMap((paragraph) => paragraph.split(/[^A-Z0-9-]+/)));
  const rows = [...page.matchAll(/^\| ([A-Z0-9-]+) \| (.*) \|$/gm)].filter(([, short]) => words.has(short!));
  return rows.map(([, short, what]) => `${short}: ${what!.replace(/\[([^\]]*)\]\(([^)]*)\)/g, (_, label: string, address: string) => (address.endsWith(label) ? address : `${label} (${address})`))}`);
}

function readPage(file: string): string {
  try {
    return readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  } catch {
    throw new CliError("ERR_FILE_NOT_FOUND", "this page of the package is not there", { file });
  }
}
