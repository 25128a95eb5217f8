// The façade beside @casl/ability 7.0.1: the same rules, the same questions, the same answers. `LATCHGATE_SEED` and `LATCHGATE_CASES`
// vary what is made up.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import * as peer from "casl-7";
import * as peerExtra from "casl-7/extra";
import * as own from "latchgate/casl";
import * as ownExtra from "latchgate/casl/extra";
import { generator } from "../../scripts/lib/random.mjs";
import { makeCase } from "./generate.mjs";

const seed = Number(process.env.LATCHGATE_SEED ?? 7);
const abilities = Number(process.env.LATCHGATE_CASES ?? 3000);

const all = (value) => inspect(value, { depth: 9, compact: 9, breakLength: Infinity });

/** What came of a call, in a form that can be compared: rules by their place, errors by their kind. */
function outcome(call, rules) {
  try {
    return show(call(), rules);
  } catch (error) {
    return { throws: error.constructor.name, message: error.message };
  }
}

function show(value, rules) {
  if (Array.isArray(value)) return value.map((item) => show(item, rules));
  if (value !== null && typeof value === "object" && "origin" in value) {
    const { action, fields, inverted, priority, reason } = value;
    return { rule: rules.indexOf(value.origin), action, fields, inverted, priority, reason };
  }
  if (value !== null && typeof value === "object" && "operator" in value) return { operator: value.operator, field: value.field, value: show(value.value, rules) };
  return value;
}

for (const [name, beyondJson] of [["plain data", false], ["values that JSON has no word for", true]]) test(`${name}: ${abilities} abilities from seed ${seed}`, () => {
  let asked = 0;
  let allowed = 0;
  let thrown = 0;
  for (let at = 0; at < abilities; at++) {
    const made = makeCase(generator(seed * 1_000_003 + at), beyondJson);
    const both = [
      [peer, peerExtra],
      [own, ownExtra],
    ].map(([library, extra]) => made.start(library, extra));
    for (const [name, question] of made.questions) {
      const [theirs, ours] = both.map((one) => outcome(() => question(one), made.rules));
      asked++;
      if (theirs === true) allowed++;
      if (theirs?.throws) thrown++;
      assert.deepEqual(ours, theirs, `${name} in case ${at} of seed ${seed}\nrules: ${all(made.rules)}\noptions: ${all(made.options)}\nCASL: ${all(theirs)}\nhere: ${all(ours)}`);
    }
  }
  console.log(`${asked} questions to ${abilities} abilities agree; ${allowed} were allowed, ${thrown} threw`);
  assert.ok(asked > abilities * 10 && allowed > asked / 20 && thrown > asked / 1000, "the cases are one-sided");
});
