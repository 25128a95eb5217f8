// That the two oracles are what they are taken for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { oracle } from "./oracles.mjs";

for (const [major, version] of [[7, "7.0.1"], [6, "6.7.3"]]) {
  test(`CASL ${version} with its own ucast, and nobody else's`, () => {
    assert.equal(oracle(major).versions[`casl-${major}`], version);
  });
}

test("they differ where their changelogs say so", () => {
  const answers = (major) => {
    const { createMongoAbility, subject } = oracle(major);
    const reads = (conditions, record) => createMongoAbility([{ action: "read", subject: "Post", conditions }]).can("read", subject("Post", record));
    const denied = createMongoAbility([{ action: "read", subject: "Post" }, { action: "read", subject: "Post", conditions: {}, inverted: true }]);
    return [reads({ a: null }, {}), reads({ a: { $ne: null } }, {}), denied.cannot("read", "Post")];
  };
  assert.deepEqual(answers(7), [true, false, true]);
  assert.deepEqual(answers(6), [false, true, false]);
});
