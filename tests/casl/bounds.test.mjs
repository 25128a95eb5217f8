// Rules and questions made to be slow, deep or wrong: an answer, CASL's own error or a typed one, and never a hang. Nothing is timed; what
// is not bounded does not end.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as peer from "casl-7";
import * as own from "latchgate/casl";

const { createMongoAbility, subject } = own;
const rule = (more) => ({ action: "read", subject: "T", ...more });
const record = (members) => subject("T", members);

test("conditions that are deep, and some that are in a loop", () => {
  const nest = (depth, inner) => (depth === 0 ? inner : { $elemMatch: nest(depth - 1, inner) });
  const listed = (depth, inner) => (depth === 0 ? inner : [listed(depth - 1, inner)]);
  for (const depth of [1, 10, 50]) {
    const ability = createMongoAbility([rule({ conditions: { a: nest(depth, { $gt: 1 }) } })]);
    assert.equal(ability.can("read", record({ a: listed(depth, 2) })), true, `${depth} lists`);
    assert.equal(ability.can("read", record({ a: listed(depth, 1) })), false, `${depth} lists`);
    assert.equal(ability.can("read", record({ a: listed(depth - 1, 2) })), false, `${depth} lists, one too few`);
  }
  const loop = { b: 1 };
  loop.$elemMatch = loop;
  for (const conditions of [{ a: nest(64, { $gt: 1 }) }, { a: nest(5_000, { $gt: 1 }) }, { a: loop }]) {
    const ability = createMongoAbility([rule({ conditions })]);
    assert.equal(ability.can("read", "T"), true, "of a type nothing is looked at");
    for (let again = 0; again < 2; again++) assert.throws(() => ability.can("read", record({ a: [[1]] })), { code: "ERR_TOO_DEEP" });
  }
});

test("records that are deep, large or in a loop", () => {
  const ability = createMongoAbility([rule({ conditions: { [Array.from({ length: 20_000 }, () => "a").join(".")]: 1 } }), { action: "list", subject: "T", conditions: { a: { $gt: 5 } } }]);
  const loop = record({});
  loop.a = loop;
  assert.equal(ability.can("read", record({})), false);
  assert.throws(() => ability.can("read", loop), TypeError);
  assert.equal(ability.can("list", loop), false);
  const many = [];
  many.push(many, many, many);
  assert.equal(ability.can("list", record({ a: many })), false);
  assert.throws(() => ability.can("list", record({ a: Array.from({ length: 200_000 }, () => 1) })), { code: "ERR_TOO_MANY" });
  assert.throws(() => ability.can("list", record({ a: ["x".repeat(2_000_000)] })), { code: "ERR_TOO_LARGE" });
});

test("10,000 rules", () => {
  const rules = Array.from({ length: 10_000 }, (_, i) => rule({ conditions: { [`f${i}`]: i, "owner.id": `u${i}` }, fields: [`field${i}.*`], reason: `${i}` }));
  const ability = createMongoAbility(rules);
  for (const i of [0, 5_000, 9_999]) {
    const one = record({ [`f${i}`]: i, owner: { id: `u${i}` } });
    assert.equal(ability.can("read", one), true);
    assert.equal(ability.relevantRuleFor("read", one, `field${i}.x`).reason, `${i}`);
    assert.equal(ability.can("read", one, `field${i}.x.y`), false);
    assert.equal(ability.can("read", record({ [`f${i}`]: i, owner: { id: "u" } })), false);
  }
  assert.equal(ability.possibleRulesFor("read", "T").length, 10_000);
  ability.update(rules.map((one) => ({ ...one, inverted: true })));
  assert.equal(ability.can("read", record({ f1: 1, owner: { id: "u1" } })), false);
});

test("operands of the wrong kind, and operators mistyped, come out as in CASL", () => {
  const kinds = [null, undefined, true, false, 0, -1, 1.5, NaN, "", "x", "[", [], [1], [[1]], {}, { x: 1 }, { $eq: 1 }, new Date(0), /x/, () => 1];
  const operators = ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$exists", "$elemMatch", "$regex", "$options", "$or", "$and", "$nor", "$not", "$where", "$inn", "$Eq", "eq"];
  const records = [{}, { a: null }, { a: 1 }, { a: "x" }, { a: [1, null] }, { a: { x: 1 } }, { a: new Date(0) }, { a: 1n }];
  const come = (call) => {
    try {
      return call();
    } catch (error) {
      return `${error.constructor.name}: ${error.message}`;
    }
  };
  let asked = 0;
  for (const operator of operators) {
    for (const operand of kinds) {
      for (const conditions of [{ a: { [operator]: operand } }, { [operator]: operand }, { a: { $eq: 1, [operator]: operand } }, { a: { [operator]: operand, b: 1 } }]) {
        for (const inverted of [false, true]) {
          const abilities = [peer, own].map((library) => [library, library.createMongoAbility([rule({}), rule({ conditions, inverted })])]);
          for (const members of ["T", ...records]) {
            const [theirs, ours] = abilities.map(([library, ability]) => come(() => ability.can("read", members === "T" ? members : library.subject("T", { ...members }))));
            assert.equal(ours, theirs, `${operator} ${String(operand)}`);
            asked++;
          }
        }
      }
    }
  }
  assert.equal(asked, operators.length * kinds.length * 4 * 2 * (records.length + 1));
  console.log(`${asked} questions about operands agree`);
});

test("lists of fields that are empty or explode", () => {
  assert.throws(() => createMongoAbility([rule({ fields: [] })]), /cannot be empty/);
  for (const pattern of [`${"*a".repeat(200)}b`, `${"**".repeat(100)}x`, `${"a.*.".repeat(200)}b`, `${"*.".repeat(300)}*`]) {
    const ability = createMongoAbility([rule({ fields: [pattern] })]);
    for (const field of ["a".repeat(5_000), "a.".repeat(2_000), ".".repeat(3_000)]) assert.equal(typeof ability.can("read", "T", field), "boolean");
    assert.equal(ability.can("read", "T", "a".repeat(5_000)), false, pattern.slice(0, 20));
    assert.equal(own.fieldPatternMatcher([pattern])("a".repeat(5_000)), false);
  }
});
