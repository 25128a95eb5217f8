// Bent compiled snapshots in WebAssembly: what natively would be a panic is a trap here, after which the instance is worth nothing.
// tests/hostile.rs bends many more of them; here it is about the built package, the reader and the full build.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as full from "latchgate";
import * as reader from "latchgate/reader";
import { xxh64 } from "./xxh64.mjs";

const read = (path) => JSON.parse(readFileSync(new URL(`../vectors/${path}`, import.meta.url), "utf8"));
const { vectors } = read("decisions.json");
const NAMES = ["hantera.main", "kura.main", "emporix.seed-ac", "oa.main"];
const CODES = new Set(["ERR_COMPILED", "ERR_FORMAT_UNKNOWN", "ERR_TOO_LARGE"]);
/** So many of each build. */
const MUTANTS = 12_000;

/** The same numbers in every run. */
function generator(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const victims = NAMES.flatMap((name) => {
  const policy = full.loadPolicy(JSON.stringify(read(`snapshots/${name}.json`)));
  const asked = vectors.filter((vector) => vector.snapshot === name);
  const whole = { name, bytes: policy.compiled(), asked };
  const slice = { name: `${name}, a slice`, bytes: policy.slice((asked[0] ?? vectors[0]).principal), asked };
  policy.free();
  return asked.length === 0 ? [] : [whole, slice];
});

function reseal(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setBigUint64(bytes.length - 8, xxh64(bytes.subarray(0, -8)), true);
  return bytes;
}

/** Some words of a file are others, or its end is missing. */
function bend(whole, random) {
  const bytes = whole.slice();
  const view = new DataView(bytes.buffer);
  const words = bytes.length / 4 - 2;
  const wordAt = (at) => view.getUint32(at * 4, true);
  const kind = random(12);
  if (kind === 0) return bytes.subarray(0, random(bytes.length));
  if (kind === 1) {
    bytes[random(bytes.length)] ^= 1 << random(8);
    return bytes;
  }
  for (let changes = 1 + random(3); changes > 0; changes--) {
    // Anything but the magic and the length of the whole, now and then the lengths of sections.
    const at = random(8) === 0 ? 3 + random(22) : 25 + random(words - 25);
    const values = [0, 1, 0xffffffff, 0xfffffffe, 0x7fffffff, wordAt(at) + 1, wordAt(at) - 1, wordAt(at) ^ 0x80000000, wordAt(random(words)), random(64), random(2 ** 32)];
    view.setUint32(at * 4, values[random(values.length)] >>> 0, true);
  }
  return reseal(bytes);
}

function interrogate(policy, { asked }, turn) {
  const vector = asked[turn % asked.length];
  policy.decide({ principal: vector.principal, ask: vector.ask });
  const user = policy.principal(vector.principal);
  user.can(vector.ask.permission ?? "a:b");
  user.canAny("read", "archive");
  user.can("read", "archive", { id: "a", userId: "u" });
  user.filter("read", "archive");
  user.canRequest("GET", "/a/b");
  if (turn % 3 === 0) user.permissions();
  if (turn % 3 === 1) user.grants();
  user.free();
  if (policy.list === undefined) return;
  policy.list(["roles", "groups", "principals", "permissions"][turn % 4]);
  if (turn % 5 === 0) policy.slice(vector.principal);
}

test("the sum is that of the core", () => {
  for (const { bytes } of victims) assert.deepEqual(reseal(bytes.slice()), bytes);
});

for (const [name, build] of Object.entries({ full, reader })) {
  test(`${name}: ${MUTANTS} bent files neither trap nor disturb a policy loaded before`, (context) => {
    const random = generator(7);
    const before = victims.map(({ bytes, asked }) => {
      const policy = build.loadPolicy(bytes);
      const ask = () => JSON.stringify(asked.slice(0, 3).map(({ principal, ask }) => policy.decide({ principal, ask })));
      return { policy, ask, answer: ask() };
    });
    let [opened, refused] = [0, 0];
    for (let turn = 0; turn < MUTANTS; turn++) {
      const victim = victims[turn % victims.length];
      const bytes = bend(victim.bytes, random);
      let policy;
      try {
        policy = build.loadPolicy(bytes);
      } catch (error) {
        // Shorter than the four bytes that tell it from JSON: the full build takes it for a text.
        const asText = build === full && error.code === "ERR_JSON" && bytes.length < 4;
        assert.ok(CODES.has(error.code) || asText, `${victim.name}, turn ${turn}: ${error.stack}`);
        refused++;
        continue;
      }
      try {
        interrogate(policy, victim, turn);
      } catch (error) {
        assert.ok(!(error instanceof WebAssembly.RuntimeError), `${victim.name}, turn ${turn}: a trap: ${error.stack}`);
        assert.equal(error.name, "LatchgateError", `${victim.name}, turn ${turn}: ${error.stack}`);
      }
      policy.free();
      opened++;
      if (turn % 500 === 0) for (const one of before) assert.equal(one.ask(), one.answer);
    }
    for (const one of before) {
      assert.equal(one.ask(), one.answer);
      one.policy.free();
    }
    context.diagnostic(`${MUTANTS} files, ${refused} refused, ${opened} opened and answered`);
    assert.ok(opened > MUTANTS / 10, `only ${opened} opened`);
  });
}
