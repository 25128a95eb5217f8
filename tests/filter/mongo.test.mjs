// MongoDB's queries, evaluated by mingo: the records that a check allows, where no list is inside another one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "latchgate";
import { Query } from "mingo";
import { draw, seed } from "./generate.mjs";

const SNAPSHOTS = Number(process.env.LATCHGATE_CASES ?? 2000);

const isOdd = (id) => typeof id === "string" && id.split("/").includes("");
const nested = (value) => typeof value === "object" && value !== null && (Array.isArray(value) ? value.some((item) => Array.isArray(item) || nested(item)) : Object.values(value).some(nested));

test("the query shows the records that a check allows", () => {
  const { snapshot, record } = draw(seed);
  const records = Array.from({ length: 150 }, record).filter((record) => !nested(record));
  let conditional = 0;
  let refused = 0;
  for (let count = 0; count < SNAPSHOTS; count++) {
    const source = snapshot(true);
    const policy = loadPolicy(source);
    const user = policy.principal("u1");
    const filter = user.filter("read", "doc");
    try {
      const query = filter.toMongo();
      const matcher = new Query(query);
      for (const record of records) {
        const expected = user.can("read", "doc", record) || (filter.kind === "all" && isOdd(record.id));
        assert.equal(matcher.test(record), expected, `seed ${seed}: ${JSON.stringify(source.payloads)}\n${JSON.stringify(query)}\n${JSON.stringify(record)}`);
      }
      conditional += filter.kind === "conditions" ? 1 : 0;
    } catch (error) {
      if (error.code !== "ERR_FILTER_OPERATOR") throw error;
      refused++;
    }
    for (const handle of [filter, user, policy]) handle.free();
  }
  assert.ok(conditional > SNAPSHOTS / 3 && refused < SNAPSHOTS / 4, `${conditional} filters with conditions, ${refused} refused`);
});

test("CASL's conditions stay what they were", () => {
  const editor = [
    { action: "read", subject: "Post", conditions: { author: "u1", status: { $in: ["a", "b"] } } },
    { action: "read", subject: "Post", conditions: { title: { $regex: "^x", $options: "i" } } },
    { action: "read", subject: "Post", conditions: { locked: true }, inverted: true },
  ];
  const policy = loadPolicy({ system: "casl", payloads: { editor } });
  assert.deepEqual(policy.principal("editor").filter("read", "Post").toMongo(), {
    $or: [
      { $and: [{ title: { $regex: "^x", $options: "i" } }, { $nor: [{ locked: { $eq: true } }] }] },
      { $and: [{ author: { $eq: "u1" } }, { status: { $in: ["a", "b"] } }, { $nor: [{ locked: { $eq: true } }] }] },
    ],
  });
});
