// The core beside CASL: committed cases first, then generated ones. `LATCHGATE_SEED` asks others, `LATCHGATE_CASES` more or fewer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { committed } from "./committed.mjs";
import { PROFILES } from "./compare.mjs";
import { compareAll, run } from "./run.mjs";

const number = (name, otherwise) => {
  const given = Number(process.env[name] ?? otherwise);
  assert.ok(Number.isSafeInteger(given) && given > 0, `${name} is no positive number`);
  return given;
};
const seed = number("LATCHGATE_SEED", 1);
const cases = number("LATCHGATE_CASES", 20_000);

for (const name of Object.keys(PROFILES)) {
  test(`${name}: what once differed`, () => {
    const { questions } = compareAll(name, committed(name).map((one) => [one.why, one]));
    assert.ok(questions > 0);
    console.log(`${name}, committed cases: ${questions} questions, 0 differences`);
  });

  test(`${name}: generated cases`, () => {
    const counts = run(name, { seed, cases });
    console.log(`${name}, seed ${seed}: ${counts.cases} cases, ${counts.questions} questions, 0 differences`);
    // Were nothing ever allowed, or nothing ever to throw, agreement would say little.
    for (const [answer, least] of Object.entries(LEAST)) {
      const share = (counts.answers[answer] ?? 0) / counts.questions;
      assert.ok(share >= least, `${answer} is the answer to ${(100 * share).toFixed(2)} % of the questions`);
    }
  });
}

/** Of all questions, so many at the least. */
const LEAST = {
  "instance allow": 0.1,
  "instance deny": 0.1,
  "instance error": 0.02,
  "type allow": 0.03,
  "type deny": 0.03,
  "filter all": 0.005,
  "filter none": 0.005,
  "filter conditions": 0.005,
  "filter error": 0.001,
};
