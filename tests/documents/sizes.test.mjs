// The sizes in the README are the budgets that `npm run size` holds, in whole kilobytes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "../../scripts/lib/documents.mjs";

const budgets = [...textOf("scripts/size.mjs").matchAll(/\{ entry: "([^"]+)",.* budget: ([\d.]+) \}/g)].map(([, entry, budget]) => [entry, Math.ceil(Number(budget))]);
const printed = [...textOf("README.md").matchAll(/^\| `(latchgate[^`]*)`.* \| (\d+) KB \|$/gm)].map(([, entry, size]) => [entry, Number(size)]);

test("the README says what each entry weighs at most", () => {
  assert.ok(budgets.length >= 4);
  assert.deepEqual(printed.toSorted(), budgets.toSorted());
});
