// That every mutant still applies; `npm run mutants` builds them and has them caught.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MUTANTS, mutated } from "./mutants/index.mjs";

for (const mutant of MUTANTS) {
  test(`${mutant.file}: ${mutant.why}`, () => assert.notEqual(mutated(mutant), mutated({ ...mutant, replace: mutant.find })));
}

test("no two say the same", () => assert.equal(new Set(MUTANTS.map(({ why }) => why)).size, MUTANTS.length));
