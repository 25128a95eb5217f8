// MongoDB's queries, evaluated by mingo: the records that a check allows, where no list is inside another one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "latchgate/insight";
import { Query } from "mingo";
import { draw, seed } from "./generate.mjs";

const SNAPSHOTS = Number(process.env.LATCHGATE_CASES ?? 800);

const isOdd = (id) => typeof id === "boolean" || (typeof id === "object" && id !== null);
/** A list somewhere inside a list: MongoDB looks into it on the way of a path, mingo does not. */
const nested = (value, inside = false) =>
  typeof value === "object" && value !== null && ((inside && Array.isArray(value)) || Object.values(value).some((item) => nested(item, inside || Array.isArray(value))));

/** To mingo a plain element of a list has each attribute that it is asked for, and `$type` asks nothing of elements. */
const isUnfair = (query, record) =>
  (query.includes('{"k":') && [record.tags, record.items].flat().some((item) => typeof item !== "object" || item === null)) ||
  (query.includes('"$type":"null"') && Object.values(record).some((value) => Array.isArray(value) && JSON.stringify(value).includes("null")));

/** What a path finds on its way through a list mingo takes for a list of its own; MongoDB does not. */
const asksForList = /"(a\.b|items\.k|deep\.x\.y)":\{"\$(all|size|elemMatch|type)"/;

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
      if (asksForList.test(JSON.stringify(query))) continue;
      const matcher = new Query(query);
      for (const record of records) {
        if (isUnfair(JSON.stringify(query), record)) continue;
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
