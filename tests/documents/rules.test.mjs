// The law: every rule that code, messages, tests or documents cite by number is defined on a page of docs/rules, and every rule that a page
// defines is cited. A number that nobody can look up proves nothing.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname } from "node:path";
import { test } from "node:test";
import { textOf } from "../../scripts/lib/documents.mjs";
import { inRoot } from "../../scripts/lib/paths.mjs";

const PAGES = { hantera: "H", emporix: "E", "open-archiver": "A", kura: "K", ithbat: "I", native: "N" };
/** Where rules are cited; the pages that define them are no citation of one another. */
const CITING = ["src", "pkg/src", "tests", "docs/guides", "docs/reference", "docs/adr", "benches", "fuzz", "www/src", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "pkg/README.md", "schema"];
const TEXTS = new Set([".rs", ".ts", ".mjs", ".js", ".md", ".json", ".html"]);

/** `H3`, `EW12`; what is part of a longer word, number, path or id is none. */
const NUMBER = /(?<![\w+./\\$#-])([HEAKIN]W?[1-9]\d?)(?![\w-]|\.\w)/g;
/** `A14–A16`: what is between is cited, too. What a file says of a whole page (`E1 to E20`) cites nothing. */
const LONGEST = 5;
const RANGE = /(?<![\w+./\\$#-])([HEAKIN]W?)([1-9]\d?)(?: to |[–…-]| … )\1([1-9]\d?)(?!\w)/g;
/** `casl 1.7`, `casl 1.12 #1 · #3`. */
const CASL = /\bcasl (\d+\.\d+)(?![.\d])((?: #\d+)?(?:(?:, | · )#\d+)*)/gi;

const defined = new Map(Object.entries(PAGES).flatMap(([page, letter]) => [...textOf(`docs/rules/${page}.md`).matchAll(/^### (\S+)$/gm)].map(([, number]) => [number, { page, letter }])));
for (const [, number] of textOf("docs/rules/casl.md").matchAll(/^### (casl .+)$/gm)) defined.set(number, { page: "casl", letter: "casl" });

function filesIn(place) {
  const path = inRoot(place);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [place];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.name === "node_modules" ? [] : filesIn(`${place}/${entry.name}`)));
}

/** Each number with the places that cite it. */
function citations() {
  const found = new Map();
  const cite = (number, place) => (found.get(number) ?? found.set(number, []).get(number)).push(place);
  for (const file of CITING.flatMap(filesIn)) {
    if (!TEXTS.has(extname(file)) || file === "tests/documents/rules.test.mjs") continue;
    for (const [at, line] of readFileSync(inRoot(file), "utf8").split("\n").entries()) {
      if (line.length > 10_000) continue; // recorded data
      const single = line.replace(RANGE, (_range, letter, from, to) => {
        const numbers = Number(to) - Number(from);
        return numbers >= LONGEST ? "" : Array.from({ length: numbers + 1 }, (_, i) => `${letter}${Number(from) + i}`).join(" ");
      });
      for (const [, number] of single.matchAll(NUMBER)) cite(number, `${file}:${at + 1}`);
      for (const [, section, traps] of line.matchAll(CASL)) for (const trap of traps.match(/#\d+/g) ?? [""]) cite(`casl ${section}${trap && ` ${trap}`}`, `${file}:${at + 1}`);
    }
  }
  return found;
}

const cited = citations();

test("every rule that is cited is defined", (context) => {
  const total = [...cited.values()].reduce((sum, places) => sum + places.length, 0);
  context.diagnostic(`${defined.size} rules, ${total} citations`);
  assert.ok(defined.size > 150 && total > 1000);
  const unknown = [...cited].filter(([number]) => !defined.has(number)).map(([number, places]) => `${number} (${places.slice(0, 3).join(", ")})`);
  assert.deepEqual(unknown, []);
});

test("every rule that is defined is cited", () => {
  assert.deepEqual([...defined.keys()].filter((number) => !cited.has(number)), []);
});

test("no other text is cited in the place of a rule", () => {
  const elsewhere = CITING.flatMap(filesIn).filter((file) => TEXTS.has(extname(file)) && file !== "tests/documents/rules.test.mjs" && /casl-semantics|server-rules/.test(readFileSync(inRoot(file), "utf8")));
  assert.deepEqual(elsewhere, []);
});

test("each number stands once, on the page of its system, with a sentence, an example and a source", () => {
  let rules = 0;
  for (const page of [...Object.keys(PAGES), "casl"]) {
    const [, ...sections] = textOf(`docs/rules/${page}.md`).split(/^### /m);
    for (const section of sections) {
      const number = section.split("\n", 1)[0];
      rules++;
      assert.equal(defined.get(number)?.page, page, `${number} on docs/rules/${page}.md`);
      if (page !== "casl") assert.equal(number[0], PAGES[page]);
      assert.match(section, /^.+\n\n\S.+[.:)]\n\nExample: \S/, number);
      if (page !== "native") assert.match(section, /\n\nSource: \S/, number);
    }
  }
  assert.equal(rules, defined.size);
});
