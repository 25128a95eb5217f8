// What is made of rules: short forms, fields, values, one condition.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { interpret } from "@ucast/mongo2js";
import { Ability, buildMongoQueryMatcher, createMongoAbility, defineAbility, fieldPatternMatcher, mongoQueryMatcher, subject } from "latchgate/casl";
import { AccessibleFields, packRules, permittedFieldsOf, rulesToAST, rulesToCondition, rulesToFields, unpackRules } from "latchgate/casl/extra";

describe("packRules and unpackRules", () => {
  const rules = [
    { action: "read", subject: "Post" },
    { action: ["read", "update"], subject: ["Post", "User"] },
    { action: "read", subject: "Post", conditions: { id: 1 } },
    { action: "read", subject: "Post", inverted: true },
    { action: "read", subject: "Post", fields: ["a", "b"] },
    { action: "read", subject: "Post", inverted: true, reason: "no" },
  ];
  const packed = [
    ["read", "Post"],
    ["read,update", "Post,User"],
    ["read", "Post", { id: 1 }],
    ["read", "Post", 0, 1],
    ["read", "Post", 0, 0, "a,b"],
    ["read", "Post", 0, 1, 0, "no"],
  ];
  for (const [at, rule] of rules.entries()) {
    test(JSON.stringify(packed[at]), () => {
      assert.deepEqual(packRules([rule]), [packed[at]]);
      const [back] = unpackRules([packed[at]]);
      const list = (value) => (Array.isArray(value) ? value : [value]);
      assert.deepEqual(back, { inverted: rule.inverted === true, ...rule, action: list(rule.action), subject: list(rule.subject) });
    });
  }
  test("an empty rule is an empty list, one without a subject cannot be unpacked", () => {
    assert.deepEqual(packRules([{ action: "" }]), [[]]);
    assert.throws(() => unpackRules(packRules([{ action: "read" }])), TypeError);
  });
  test("subjects by functions of one's own", () => {
    class Post {}
    assert.deepEqual(packRules([{ action: "read", subject: [Post] }], (type) => type.name), [["read", "Post"]]);
    assert.deepEqual(unpackRules([["read", "Post,Post"]], () => Post)[0].subject, [Post, Post]);
  });
});

describe("permittedFieldsOf", () => {
  const fieldsFrom = (rule) => rule.fields || ["id", "title", "text"];
  const fields = (define, about = "Post") => permittedFieldsOf(defineAbility(define), "read", about, { fieldsFrom });
  test("none", () => assert.deepEqual(fields(() => {}), []));
  test("all", () => assert.deepEqual(fields((can) => can("read", "Post")), ["id", "title", "text"]));
  test("some", () => assert.deepEqual(fields((can) => can("read", "Post", ["title"])), ["title"]));
  test("less those denied", () => assert.deepEqual(fields((can, cannot) => (can("read", "Post"), cannot("read", "Post", ["title"]))), ["id", "text"]));
  test("what is allowed again comes last", () => assert.deepEqual(fields((can, cannot) => (can("read", "Post"), cannot("read", "Post", ["id"]), can("read", "Post", ["id"]))), ["title", "text", "id"]));
  test("patterns stay as they are", () => assert.deepEqual(fields((can, cannot) => (can("read", "Post", ["a.*", "secretKey"]), cannot("read", "Post", ["sec*"]))), ["a.*", "secretKey"]));
  test("of a record as its conditions say", () => {
    const define = (can) => (can("read", "Post", ["id"]), can("read", "Post", ["text"], { open: true }));
    assert.deepEqual(fields(define, subject("Post", { open: true })), ["id", "text"]);
    assert.deepEqual(fields(define, subject("Post", { open: false })), ["id"]);
    assert.deepEqual(fields(define), ["id", "text"]);
  });
  test("AccessibleFields", () => {
    const ability = defineAbility((can, cannot) => (can("read", "Post"), cannot("read", "Post", ["text"], { open: false })));
    const accessible = new AccessibleFields(ability, "read", (type) => [`${type}.id`, "text"]);
    assert.deepEqual(accessible.ofType("Post"), ["Post.id", "text"]);
    assert.deepEqual(accessible.of(subject("Post", { open: false })), ["Post.id"]);
  });
});

describe("rulesToFields", () => {
  const values = (define) => rulesToFields(defineAbility(define), "create", "Post");
  test("nothing", () => assert.deepEqual(values((can) => can("create", "Post")), {}));
  test("values, not operators", () => assert.deepEqual(values((can) => can("create", "Post", { a: 1, b: null, c: [1], d: { $in: [1] } })), { a: 1, b: null, c: [1] }));
  test("paths", () => assert.deepEqual(values((can) => can("create", "Post", { "a.b.c": 1, "a.d": 2 })), { a: { b: { c: 1 }, d: 2 } }));
  test("no denies", () => assert.deepEqual(values((_can, cannot) => cannot("create", "Post", { a: 1 })), {}));
  test("the lowest rule says the value", () => assert.deepEqual(values((can) => (can("create", "Post", { a: 1 }), can("create", "Post", { a: 2 }))), { a: 1 }));
  test("prototypes stay as they are", () => {
    const made = values((can) => can("create", "Post", JSON.parse('{"__proto__.x":1,"constructor.prototype.y":2,"a.__proto__.z":3}')));
    assert.equal({}.x, undefined);
    assert.equal({}.y, undefined);
    assert.deepEqual(made, { x: 1, y: 2, a: { z: 3 } });
  });
});

describe("rulesToCondition and rulesToAST", () => {
  const hooks = { and: (list) => ({ and: list }), or: (list) => ({ or: list }), empty: () => "all" };
  const condition = (define) => rulesToCondition(defineAbility(define).rulesFor("read", "Post"), (rule) => (rule.inverted ? { not: rule.conditions } : rule.conditions), hooks);
  for (const [title, define, expected] of [
    ["nothing", () => {}, null],
    ["everything", (can) => can("read", "Post"), "all"],
    ["one", (can) => can("read", "Post", { a: 1 }), { or: [{ a: 1 }] }],
    ["two, the higher first", (can) => (can("read", "Post", { a: 1 }), can("read", "Post", { b: 1 })), { or: [{ b: 1 }, { a: 1 }] }],
    ["everything but", (can, cannot) => (can("read", "Post"), cannot("read", "Post", { a: 1 })), { and: [{ not: { a: 1 } }] }],
    ["some but", (can, cannot) => (can("read", "Post", { b: 1 }), cannot("read", "Post", { a: 1 })), { or: [{ and: [{ b: 1 }, { not: { a: 1 } }] }] }],
    ["a deny below does not count", (can, cannot) => (cannot("read", "Post", { a: 1 }), can("read", "Post", { b: 1 })), { or: [{ b: 1 }] }],
    ["an unconditional deny ends it", (can, cannot) => (can("read", "Post"), cannot("read", "Post"), can("read", "Post", { b: 1 })), { or: [{ b: 1 }] }],
    ["an unconditional allow above all", (can) => (can("read", "Post", { a: 1 }), can("read", "Post")), "all"],
    ["all of it", (can, cannot) => (can("read", "Post"), cannot("read", "Post", { a: 1 }), can("read", "Post", { b: 1 })), { or: [{ b: 1 }, { and: [{ not: { a: 1 } }] }] }],
    ["denies of fields do not count", (can, cannot) => (can("read", "Post", { b: 1 }), cannot("read", "Post", ["x"])), { or: [{ b: 1 }] }],
  ]) {
    test(title, () => assert.deepEqual(condition(define), expected));
  }
  test("a tree that ucast can interpret", () => {
    const ability = defineAbility((can, cannot) => (can("read", "Post", { a: { $gt: 1 } }), cannot("read", "Post", { b: 1 })));
    const tree = rulesToAST(ability, "read", "Post");
    for (const record of [{ a: 2 }, { a: 1 }, { a: 2, b: 1 }, { a: 2, b: 2 }]) {
      assert.equal(interpret(tree, record), ability.can("read", subject("Post", { ...record })), JSON.stringify(record));
    }
    assert.equal(rulesToAST(ability, "update", "Post"), null);
    assert.deepEqual({ ...rulesToAST(defineAbility((can) => can("read", "Post")), "read", "Post") }, { operator: "and", value: [] });
  });
  test("rules without a tree are refused", () => {
    const ability = new Ability([{ action: "read", subject: "Post", conditions: 1 }], { conditionsMatcher: () => () => true });
    assert.throws(() => rulesToAST(ability, "read", "Post"), /does not have "ast" property/);
  });
});

describe("matchers by themselves", () => {
  test("mongoQueryMatcher", () => {
    const matches = mongoQueryMatcher({ "a.b": { $in: [1, 2] } });
    assert.equal(matches({ a: { b: 2 } }), true);
    assert.equal(matches({ a: [{ b: 3 }, { b: 1 }] }), true);
    assert.equal(matches({}), false);
    assert.deepEqual([matches.ast.operator, matches.ast.field, matches.ast.value], ["in", "a.b", [1, 2]]);
    assert.equal(matches.matchesAll, false);
    assert.equal(mongoQueryMatcher({}).matchesAll, true);
    assert.throws(() => mongoQueryMatcher({ a: { $in: 1 } }), /expects value to be an array/);
    assert.throws(() => mongoQueryMatcher({ "a.b": 1 })({ a: [null] }), TypeError);
    assert.throws(() => mongoQueryMatcher({ a: { $gt: 1 } })(undefined), { message: 'Unable to get field "a" out of undefined.' });
  });
  test("fieldPatternMatcher", () => {
    const matches = fieldPatternMatcher(["title", "author.*"]);
    assert.deepEqual(["title", "author.name", "author", "text"].map(matches), [true, true, true, false]);
    // A pattern takes anything for its text, a list of names does not.
    assert.deepEqual([["title"], { toString: () => "author.x" }, undefined, 5].map(matches), [true, true, false, false]);
    assert.throws(() => matches(Symbol("title")), TypeError);
    assert.deepEqual([["title"], Symbol("title"), {}, undefined, null].map(fieldPatternMatcher(["title", "undefined"])), [false, false, false, false, false]);
  });
  test("buildMongoQueryMatcher with operators of one's own", async () => {
    const { $and, $or, and, or } = await import("@ucast/mongo2js");
    const conditionsMatcher = buildMongoQueryMatcher({ $and, $or }, { and, or });
    const rules = [{ action: "read", subject: "Post", conditions: { $or: [{ a: 1 }, { b: 1 }] } }];
    const ability = createMongoAbility(rules, { conditionsMatcher });
    assert.equal(ability.can("read", subject("Post", { b: 1 })), true);
    assert.equal(ability.can("read", subject("Post", { c: 1 })), false);
    assert.equal(createMongoAbility(rules, { conditionsMatcher: buildMongoQueryMatcher() }).can("read", subject("Post", { b: 1 })), false);
  });
});
