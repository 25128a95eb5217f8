// Filters of CASL rules beside CASL 7.0.1's own: the tree of `rulesToAST`, and the records that `rulesToCondition` lets through.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "latchgate/insight";
import { generator } from "../../scripts/lib/random.mjs";
import { oracle } from "../oracle/oracles.mjs";
import { seed } from "./generate.mjs";

const CASES = Number(process.env.LATCHGATE_CASES ?? 5000);
const { createMongoAbility, extra } = oracle(7);

function cases(seed) {
  const { below, pick } = generator(seed);
  const chance = (percent) => below(100) < percent;
  const list = (most, one) => Array.from({ length: below(most + 1) }, one);
  const scalar = () => pick(["x", "y", "10", "", 0, 1, 9, -1, true, null]);
  const operator = (depth) => {
    switch (below(13)) {
      case 0: return { $eq: scalar() };
      case 1: return { $ne: scalar() };
      case 2: return { $in: chance(30) ? 1 : list(3, scalar) };
      case 3: return { $nin: list(3, scalar) };
      case 4: case 5: case 6: case 7: return { [pick(["$lt", "$lte", "$gt", "$gte"])]: pick([0, 9, "x", "10"]) };
      case 8: return { $exists: chance(50) };
      case 9: return { $size: below(3) };
      case 10: return { $all: list(2, scalar) };
      case 11: return { $regex: pick(["^x", "1"]), ...(chance(50) ? { $options: "i" } : {}) };
      default: return depth > 0 ? { $eq: scalar() } : { $elemMatch: chance(50) ? { k: scalar() } : operator(1) };
    }
  };
  const conditions = () => {
    if (chance(15)) return {};
    const all = {};
    for (let count = 1 + below(2); count > 0; count--) all[pick(["a", "b", "c.k", "tags", "$or"])] = chance(40) ? scalar() : chance(8) ? [1] : { ...operator(0), ...(chance(20) ? operator(0) : {}) };
    return all;
  };
  const rule = () => ({
    action: pick(["read", "read", "manage", ["read", "update"], "update"]),
    subject: pick(["Post", "Post", "all", "User"]),
    ...(chance(75) ? { conditions: conditions() } : {}),
    ...(chance(40) ? { inverted: true } : {}),
    ...(chance(12) ? { fields: ["title"] } : {}),
  });
  const record = () => {
    const record = {};
    for (const key of ["a", "b"]) if (chance(75)) record[key] = chance(15) ? list(2, scalar) : scalar();
    if (chance(60)) record.c = pick([{ k: scalar() }, [{ k: scalar() }, {}], {}, null, 1, [null]]);
    if (chance(60)) record.tags = pick([list(3, scalar), list(2, () => ({ k: scalar() })), null, "x"]);
    return record;
  };
  return { rules: () => Array.from({ length: 1 + below(4) }, rule), records: () => Array.from({ length: 6 }, record) };
}

/** What a tree means, without what says nothing. */
function plainly(node) {
  if (node === null) return { operator: "or", value: [] };
  const { operator, value } = node;
  if (operator === "not") {
    const inner = plainly(value[0]);
    if (inner.operator === "and" && inner.value.length === 0) return { operator: "or", value: [] };
    if (inner.operator === "or" && inner.value.length === 0) return { operator: "and", value: [] };
    return { operator, value: [inner] };
  }
  if (operator !== "and" && operator !== "or") {
    if (operator === "regex") return { operator, field: node.field, value: value.source ?? value, flags: value.flags ?? node.flags ?? "" };
    if (operator === "elemMatch") return { operator, field: node.field, value: plainly(value) };
    return { operator, field: node.field, value };
  }
  const other = operator === "and" ? "or" : "and";
  const parts = [];
  for (const part of value.map(plainly)) {
    if (part.operator === operator) parts.push(...part.value);
    else if (part.operator === other && part.value.length === 0) return part;
    else parts.push(part);
  }
  return parts.length === 1 ? parts[0] : { operator, value: parts };
}

const hooks = {
  and: (parts) => (record) => parts.every((part) => part(record)),
  or: (parts) => (record) => parts.some((part) => part(record)),
  empty: () => () => true,
};

test("the tree is CASL's, and so are the records", () => {
  const { rules, records } = cases(seed);
  const kinds = { all: 0, none: 0, conditions: 0, error: 0 };
  for (let count = 0; count < CASES; count++) {
    const list = rules();
    const ability = createMongoAbility(list);
    const policy = loadPolicy({ system: "casl", payloads: { editor: list } });
    const user = policy.principal("editor");
    const filter = user.filter("read", "Post");
    const told = `seed ${seed}: ${JSON.stringify(list)}`;
    kinds[filter.kind]++;
    let ast;
    try {
      ast = extra.rulesToAST(ability, "read", "Post");
    } catch {
      assert.equal(filter.kind, "error", told);
      continue;
    }
    assert.notEqual(filter.kind, "error", told);
    assert.deepEqual(plainly(filter.ast), plainly(JSON.parse(JSON.stringify(ast, (_, value) => (value instanceof RegExp ? { source: value.source, flags: value.flags } : value)))), told);
    const shows = extra.rulesToCondition(ability.rulesFor("read", "Post"), (rule) => (record) => rule.matchesConditions(record) !== rule.inverted, hooks);
    for (const record of records()) {
      let expected = false;
      try {
        expected = shows?.(record) ?? false;
      } catch {
        // CASL throws: nothing is shown.
      }
      assert.equal(filter.test(record), expected, `${told}\n${JSON.stringify(record)}`);
    }
    for (const handle of [filter, user, policy]) handle.free();
  }
  for (const [kind, count] of Object.entries(kinds)) assert.ok(count > CASES / 1000, `${kind}: ${count}`);
});
