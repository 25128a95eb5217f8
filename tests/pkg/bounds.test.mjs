// Conditions, patterns and rules made to be slow, deep or wrong: an answer or a typed error, and never a hang. Nothing is timed; what
// is not bounded does not end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "latchgate";
import { nativeUserWith, userWith } from "./snapshots.mjs";

const caslWith = (...rules) => loadPolicy({ system: "casl", payloads: { e: rules } }).principal("e");
const USERS = { "casl@7": caslWith, "open-archiver": userWith };
/** The same asked as data, where all of the record crosses. */
function wholeOf(name, one, object) {
  const policy =
    name === "casl@7"
      ? loadPolicy({ system: "casl", payloads: { e: [one] } })
      : loadPolicy({ system: "open-archiver", payloads: { roles: [{ id: "r", name: "r", policies: [one] }], users: [{ id: "e", roles: ["r"] }] } });
  return policy.decide({ principal: "e", ask: { kind: "instance", action: "read", subject: "T", object } }).effect;
}
const rule = (conditions, more) => ({ action: "read", subject: "T", conditions, ...more });

for (const [name, userOf] of Object.entries(USERS)) {
  test(`${name}: conditions as deep as a snapshot may be, and paths without end`, () => {
    const nest = (depth, inner) => (depth === 0 ? inner : { $elemMatch: nest(depth - 1, inner) });
    const listed = (depth, inner) => (depth === 0 ? inner : [listed(depth - 1, inner)]);
    for (const depth of [1, 10, 40]) {
      const user = userOf(rule({ a: nest(depth, { $gt: 1 }) }));
      assert.equal(user.can("read", "T", { a: listed(depth, 2) }), true, `${depth} lists`);
      assert.equal(user.can("read", "T", { a: listed(depth, 1) }), false, `${depth} lists`);
      assert.equal(user.can("read", "T", { a: listed(depth - 1, 2) }), false, `${depth} lists, one too few`);
    }
    assert.throws(() => userOf(rule({ a: nest(70, { $gt: 1 }) })), { code: "ERR_TOO_DEEP" });
    const long = Array.from({ length: 20_000 }, () => "a").join(".");
    const loop = {};
    loop.a = loop;
    const user = userOf(rule({ [long]: 1 }));
    assert.equal(user.check("read", "T", {}).effect, "deny");
    assert.equal(user.check("read", "T", loop).effect, "error", "deeper than anything is read");
    const many = [];
    many.push(many, many, many);
    assert.equal(userOf(rule({ a: nest(40, { $gt: 1 }) })).check("read", "T", { a: many }).effect, "error", "more than a question may hold");
    assert.equal(userOf(rule({ a: { $gt: 5 } })).check("read", "T", { a: many }).effect, "deny");
  });

  test(`${name}: numbers in a path behind lists, and in lists of lists: each list is written once`, () => {
    const listed = (depth, inner) => (depth === 0 ? inner : [listed(depth - 1, inner)]);
    const effects = { allow: 0, deny: 0 };
    for (const depth of [1, 2, 5, 25]) {
      for (const path of [`a.b${".0".repeat(depth)}`, `a${".0".repeat(depth)}.b`, `a.b${".0.b".repeat(depth)}`]) {
        const user = userOf(rule({ [path]: 1 }));
        for (const lists of [0, 1, depth - 1, depth, depth + 1, depth + 3]) {
          const one = path.includes(".0.b.0.b") || depth === 1 ? Array.from({ length: lists }).reduce((inner) => ({ b: [inner] }), { b: 1 }) : { b: listed(lists, 1) };
          const record = { a: listed(lists % 3, one) };
          const { effect } = user.check("read", "T", record);
          assert.equal(effect, wholeOf(name, rule({ [path]: 1 }), record), `${path} of ${JSON.stringify(record)}`);
          effects[effect]++;
        }
      }
    }
    assert.ok(effects.allow > 5 && effects.deny > 5, JSON.stringify(effects));
  });

  test(`${name}: 10,000 rules`, () => {
    const rules = Array.from({ length: 10_000 }, (_, i) => rule({ [`f${i}`]: i, "owner.id": `u${i}` }));
    const user = userOf(...rules);
    assert.equal(user.can("read", "T", { f9999: 9999, owner: { id: "u9999" } }), true);
    assert.equal(user.can("read", "T", { f0: 0, owner: { id: "u0" } }), true);
    assert.equal(user.check("read", "T", { f0: 0, owner: [{ id: "u0" }] }).effect, "allow");
    assert.equal(user.check("read", "T", { f0: 0, owner: { id: "u1" } }).effect, "deny");
  });

  test(`${name}: operands of the wrong kind`, () => {
    const kinds = [null, true, false, 0, -1, 1.5, "", "x", [], [1], {}, { x: 1 }, { $eq: 1 }];
    const operators = ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$exists", "$elemMatch", "$regex", "$options", "$or", "$not", "$foo"];
    const records = [{}, { a: null }, { a: 1 }, { a: "x" }, { a: [1, null] }, { a: { b: 1 } }, { a: new Date(0) }, { a: 1n }];
    let asked = 0;
    for (const operator of operators) {
      for (const operand of kinds) {
        for (const conditions of [{ a: { [operator]: operand } }, { [operator]: operand }, { a: { [operator]: operand, b: 1 } }]) {
          const user = userOf(rule(conditions));
          for (const record of records) {
            const { effect, code } = user.check("read", "T", record);
            assert.equal(user.can("read", "T", record), effect === "allow");
            if (effect === "error") assert.equal(code, "invalid_rule");
            asked++;
          }
          user.free();
        }
      }
    }
    assert.equal(asked, operators.length * kinds.length * 3 * records.length);
  });
}

test("native: operands of the wrong kind are refused when the snapshot is loaded", () => {
  for (const conditions of [{ a: { $in: 1 } }, { a: { $size: "1" } }, { a: { $exists: 1 } }, { a: { $gt: null } }, { a: { $regex: "x" } }, { a: { $foo: 1 } }, { a: { b: 1 } }, { $or: [] }, { a: { $elemMatch: 1 } }]) {
    assert.throws(() => nativeUserWith({ actions: ["read"], resources: ["T"], conditions }), { code: "ERR_CONDITION" }, JSON.stringify(conditions));
  }
});

test("patterns of fields that would explode in a backtracking engine", () => {
  for (const pattern of [`${"*a".repeat(200)}b`, `${"**".repeat(100)}x`, `${"a.*.".repeat(200)}b`, `${"*.".repeat(300)}*`]) {
    const user = caslWith({ action: "read", subject: "T", fields: [pattern] });
    for (const field of ["a".repeat(5_000), "a.".repeat(2_000), ".".repeat(3_000)]) assert.equal(typeof user.can("read", "T", {}, field), "boolean");
    assert.equal(user.can("read", "T", {}, "a".repeat(5_000)), false, pattern.slice(0, 20));
  }
});

test("a regular expression is the host's: flags leave nothing behind, and a pattern that is none is an error", () => {
  for (const [flags, text, answer] of [["g", "xa", true], ["y", "xa", false], ["gy", "ax", true], ["i", "A", true]]) {
    const user = caslWith(rule({ a: { $regex: "a", $options: flags } }));
    for (let turn = 0; turn < 3; turn++) assert.equal(user.can("read", "T", { a: text }), answer, `${flags}, turn ${turn}`);
  }
  for (const [pattern, flags] of [["(", ""], ["a", "x"], ["a", "ii"], ["\\", ""], ["[b-a]", ""]]) {
    assert.equal(caslWith(rule({ a: { $regex: pattern, $options: flags } })).check("read", "T", { a: "a" }).code, "invalid_rule");
  }
});
