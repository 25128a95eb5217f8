// Whole programs on the façade and on @casl/ability 7.0.1: both see the same. `LATCHGATE_SEED` and `LATCHGATE_CASES` vary what is made up.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import * as peer from "casl-7";
import * as peerExtra from "casl-7/extra";
import * as own from "latchgate/casl";
import * as ownExtra from "latchgate/casl/extra";
import { program } from "./programs.mjs";

const seed = Number(process.env.LATCHGATE_SEED ?? 7);
const programs = Number(process.env.LATCHGATE_CASES ?? 3000);

const all = (value) => inspect(value, { depth: 9, breakLength: Infinity });

test(`${programs} programs from seed ${seed}`, () => {
  let seen = 0;
  let thrown = 0;
  const kinds = new Set();
  for (let at = 0; at < programs; at++) {
    const one = program(seed * 1_000_003 + at);
    const theirs = one.run(peer, peerExtra);
    const ours = one.run(own, ownExtra);
    for (const [step, [what, came]] of theirs.entries()) {
      seen++;
      if (came?.throws) thrown++;
      kinds.add(/^[\w. ]+/.exec(what)[0]);
      assert.deepEqual(ours[step], [what, came], `step ${step} of program ${at}, ${what}\nCASL: ${all(came)}\nhere: ${all(ours[step])}`);
    }
    assert.equal(ours.length, theirs.length);
  }
  console.log(`${programs} programs agree in ${seen} steps of ${kinds.size} kinds; ${thrown} threw`);
  assert.ok(kinds.size >= 25 && seen > programs * 10 && thrown > seen / 50 && thrown < seen / 4, "the programs are one-sided");
});
