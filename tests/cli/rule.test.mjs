// Every rule that the pages define is printed by its number; whatever else is asked is a typed error.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readdirSync } from "node:fs";
import { textOf } from "../../scripts/lib/documents.mjs";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { run, snapshot } from "./run.mjs";

const pages = readdirSync(inRoot("docs/rules")).filter((name) => name.endsWith(".md") && name !== "index.md");
const numbers = pages.flatMap((page) => [...textOf(`docs/rules/${page}`).matchAll(/^### (.+)$/gm)].map(([, number]) => ({ page, number })));

test("one of each page, with its sentence, example, source and the source written out", async (context) => {
  context.diagnostic(`${numbers.length} rules on ${pages.length} pages`);
  assert.ok(numbers.length > 150);
  for (const page of pages) {
    const of = numbers.filter((one) => one.page === page).map(({ number }) => number);
    for (const number of [of[0], of.at(-1)]) {
      const { code, stdout, stderr } = await run(["rule", ...number.split(" "), "--json"]);
      assert.deepEqual([code, stderr], [0, ""], number);
      const rule = JSON.parse(stdout);
      assert.equal(rule.number, number);
      const [file, anchor] = rule.page.split("#");
      assert.equal(file, `docs/rules/${page}`);
      assert.ok(textOf(file).includes(`id="${anchor}"`) || anchor === number.toLowerCase(), anchor);
      assert.match(rule.paragraphs[1], /^Example: /);
    }
  }
  const { stdout } = await run(["rule", "h3"]);
  assert.match(stdout, /^H3 {2}docs\/rules\/hantera\.md#h3\n\nAccess to a resource/);
  assert.match(stdout, /HD-AC: https:\/\//);
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
});

test("what is no rule is said on stderr, exit 2", async () => {
  for (const asked of [[`H${99}`], ["X1"], ["load"], ["casl", "9.9"], ["../../../package.json"], ["H3#"], [""]]) {
    const { code, stdout, stderr } = await run(["rule", ...asked]);
    assert.deepEqual([code, stdout], [2, ""], asked.join(" "));
    assert.match(stderr, /^error: ERR_RULE_UNKNOWN: there is no rule `/);
  }
  assert.equal((await run(["rule"])).code, 2);
});

test("an explained decision names the page", async () => {
  const { stdout } = await run(["check", "-s", snapshot("hantera.main"), "-p", "p-agent", "actors/order:applyCommands"]);
  assert.match(stdout, /\n {2}rule {7}H3, docs\/rules\/hantera\.md#h3\n/);
  const why = await run(["why", snapshot("hantera.main"), "p-agent", "actors/order:applyCommands"]);
  assert.match(why.stdout, /\n {2}rule H3, docs\/rules\/hantera\.md#h3\n/);
});
