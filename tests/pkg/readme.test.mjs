// Snippets of the README do what their comments say.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as latchgate from "latchgate";
import * as insight from "latchgate/insight";

test("the snippet prints what its comments say", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const snippet = /```js\n([^]*?)```/.exec(readme)[1];
  const expected = [...snippet.matchAll(/console\.log\(.*\);\s*\/\/ (.*)$/gm)].map(([, comment]) => comment);
  assert.ok(expected.length >= 3);
  const printed = [];
  const program = snippet.replace(/^import .*$/m, "const { loadPolicy } = latchgate;");
  new Function("latchgate", "console", program)(latchgate, { log: (value) => printed.push(String(value)) });
  assert.deepEqual(printed, expected);
});

// What is printed stands behind the call, or in the lines below it.
for (const title of ["What can somebody do, who can do it, and why", "What would change, what did", "A slice for one principal"]) {
  test(`${title}: printed as it says`, () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const section = readme.split("\n## ").find((text) => text.startsWith(`${title}\n`));
    const snippet = /```js\n([^]*?)```/.exec(section)[1];
    const printed = [];
    const program = snippet.replace(/^import (\{.*\}) from "latchgate\/insight";$/m, "const $1 = insight;");
    new Function("insight", "console", program)(insight, { log: (...values) => printed.push(values.map(String).join(" ")) });
    const expected = [];
    for (const line of snippet.split("\n")) {
      const comment = /^\/\/ (.*)$/.exec(line)?.[1] ?? /console\.log\(.*\);? \/\/ (.*)$/.exec(line)?.[1];
      if (comment !== undefined) expected.push(comment);
    }
    assert.ok(expected.length >= 3);
    assert.deepEqual(printed.map((line) => line.trimEnd()), expected.map((line) => line.trimEnd()));
  });
}
