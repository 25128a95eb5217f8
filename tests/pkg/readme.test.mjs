// The first snippet of the README does what its comments say.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as latchgate from "latchgate";

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
