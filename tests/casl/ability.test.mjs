// Abilities: what may be done by types, records and fields, in which order rules count, and how rules are exchanged.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ability, createAliasResolver, createMongoAbility, defineAbility, detectSubjectType, fieldPatternMatcher, mongoQueryMatcher, subject, trustedSubjectType, wrapArray } from "latchgate/casl";

class Post {
  constructor(members) {
    Object.assign(this, members);
  }
}
const post = (members) => new Post(members);
const rule = (action, subject, more = {}) => ({ action, subject, ...more });
const deny = (action, subject, more = {}) => rule(action, subject, { inverted: true, ...more });

/** Name, rules, and questions with their answers. */
const table = (name, cases) =>
  describe(name, () => {
    for (const [title, rules, questions, options] of cases) {
      test(title, () => {
        const ability = createMongoAbility(rules, options);
        for (const [question, expected] of questions) {
          assert.equal(ability.can(...question), expected, `can(${JSON.stringify(question)})`);
          assert.equal(ability.cannot(...question), !expected, `cannot(${JSON.stringify(question)})`);
          const decides = ability.relevantRuleFor(...question);
          assert.equal(decides !== null && !decides.inverted, expected, `relevantRuleFor(${JSON.stringify(question)})`);
        }
      });
    }
  });

table("types", [
  ["nothing is allowed without rules", [], [[["read", "Post"], false], [["read"], false], [["read", post({})], false]]],
  ["what a rule names is allowed, and nothing else", [rule("read", "Post")], [[["read", "Post"], true], [["update", "Post"], false], [["read", "User"], false]]],
  ["names are compared by case", [rule("read", "Post")], [[["Read", "Post"], false], [["read", "post"], false]]],
  ["manage is every action", [rule("manage", "Post")], [[["read", "Post"], true], [["", "Post"], true], [[undefined, "Post"], true], [["manage", "Post"], true], [["read", "User"], false]]],
  ["all is every type", [rule("read", "all")], [[["read", "Post"], true], [["read", "never heard of"], true], [["update", "Post"], false], [["read", post({})], true]]],
  ["asking for manage finds only rules on manage", [rule("read", "Post")], [[["manage", "Post"], false]]],
  ["asking for all finds only rules on all", [rule("read", "Post")], [[["read", "all"], false], [["read"], false]]],
  ["no subject is a question about all", [rule("read", "all")], [[["read"], true], [["read", undefined], true], [["read", null], true], [["read", 0], true], [["read", ""], true]]],
  ["a rule without subject is one on all", [{ action: "read" }], [[["read"], true], [["read", "Post"], true]]],
  ["lists of actions and of types", [rule(["read", "update"], ["Post", "User"])], [[["update", "User"], true], [["read", "Post"], true], [["delete", "Post"], false]]],
  ["empty lists match nothing", [rule([], "Post"), rule("read", [])], [[["read", "Post"], false], [[undefined, "Post"], false]]],
  ["inverted is whatever is truthy", [rule("read", "Post"), rule("read", "Post", { inverted: "false" })], [[["read", "Post"], false]]],
  ["other words for manage and all", [rule("do", "things")], [[["read", "Post"], true], [["read"], true]], { anyAction: "do", anySubjectType: "things" }],
  ["manage is a plain word then", [rule("manage", "all")], [[["read", "Post"], false], [["manage", "all"], true]], { anyAction: "do", anySubjectType: "things" }],
  ["__proto__, constructor and toString are names like any other", [rule("__proto__", "constructor")], [[["__proto__", "constructor"], true], [["toString", "constructor"], false], [["__proto__", "valueOf"], false]]],
]);

table("order", [
  ["the last rule counts, not the stricter one", [deny("read", "Post"), rule("read", "Post")], [[["read", "Post"], true]]],
  ["a later deny takes away", [rule("read", "Post"), deny("read", "Post")], [[["read", "Post"], false]]],
  ["a later rule on all beats an earlier one on the type", [deny("read", "Post"), rule("manage", "all")], [[["read", "Post"], true]]],
  ["a later rule on manage beats an earlier one on the action", [rule("read", "Post"), deny("manage", "Post")], [[["read", "Post"], false]]],
  ["manage and all with exceptions", [rule("manage", "all"), deny("delete", "Post")], [[["delete", "Post"], false], [["update", "Post"], true], [["delete", "User"], true]]],
  ["an exception on all", [rule("manage", "Post"), deny("delete", "all")], [[["delete", "Post"], false], [["update", "Post"], true]]],
]);

table("conditions", [
  ["$all skips places that were never filled, $in does not", [rule("read", "Post", { conditions: { a: { $all: [, 1] } } }), rule("list", "Post", { conditions: { a: { $in: [, 1] } } })], [[["read", post({ a: [1] })], true], [["read", post({ a: [2] })], false], [["list", post({ a: 1 })], true], [["list", post({})], true], [["list", post({ a: 2 })], false]]],
  ["flags are taken for their text", [rule("read", "Post", { conditions: { a: { $regex: "b", $options: ["i"] } } }), rule("list", "Post", { conditions: { a: { $regex: "b", $options: [undefined] } } })], [[["read", post({ a: "B" })], true], [["list", post({ a: "b" })], true], [["list", post({ a: "B" })], false]]],
  ["a member without a name is a member", [rule("read", "Post", { conditions: { "": "1" } })], [[["read", post({ "": "1" })], true], [["read", post({ "": 1 })], false], [["read", post({})], false]]],
  ["of a type nothing is known: an allow counts", [rule("read", "Post", { conditions: { id: 1 } })], [[["read", "Post"], true], [["read", Post], false]]],
  ["a conditional deny does not count on a type", [rule("read", "Post"), deny("read", "Post", { conditions: { id: 1 } })], [[["read", "Post"], true]]],
  ["unless it asks for nothing", [rule("read", "Post"), deny("read", "Post", { conditions: {} })], [[["read", "Post"], false], [["read", post({})], false]]],
  ["records decide", [rule("read", "Post", { conditions: { id: 1 } })], [[["read", post({ id: 1 })], true], [["read", post({ id: 2 })], false], [["read", post({})], false]]],
  ["the next rule is tried", [rule("read", "Post"), deny("read", "Post", { conditions: { secret: true } })], [[["read", post({ secret: true })], false], [["read", post({ secret: false })], true], [["read", post({})], true]]],
  ["falsy conditions are none", [rule("read", "Post", { conditions: null }), rule("update", "Post", { conditions: 0 }), rule("delete", "Post", { conditions: "" })], [[["read", post({})], true], [["update", post({})], true], [["delete", post({})], true]]],
  ["truthy ones without keys hold always", [rule("read", "Post", { conditions: [] }), rule("update", "Post", { conditions: true }), rule("delete", "Post", { conditions: 5 })], [[["read", post({})], true], [["update", post({})], true], [["delete", post({})], true]]],
  ["$or is a field like any other", [rule("read", "Post", { conditions: { $or: [{ id: 1 }] } })], [[["read", post({ id: 1 })], false]]],
  ["what is missing is less", [rule("read", "Post", { conditions: { level: { $lt: 5 } } })], [[["read", post({})], true], [["read", post({ level: "abc" })], true], [["read", post({ level: 6 })], false]]],
  ["null is found missing too", [rule("read", "Post", { conditions: { owner: null } })], [[["read", post({})], true], [["read", post({ owner: null })], true], [["read", post({ owner: 1 })], false]]],
  ["paths", [rule("read", "Post", { conditions: { "author.id": 1 } })], [[["read", post({ author: { id: 1 } })], true], [["read", post({ author: { id: 2 } })], false], [["read", post({ "author.id": 1 })], false], [["read", post({})], false]]],
  ["paths through lists", [rule("read", "Post", { conditions: { "tags.name": "a" } })], [[["read", post({ tags: [{ name: "b" }, { name: "a" }] })], true], [["read", post({ tags: [] })], false]]],
]);

for (const [operator, operand, yes, no] of [
  ["$eq", 1, [1, [1, 2]], ["1", true, null, [2]]],
  ["$ne", 1, [2, "1", null, [2]], [1, [1]]],
  ["$lt", 5, [4, "4", null, undefined, "x"], [5, 6]],
  ["$lte", 5, [5, "5x"], [6]],
  ["$gt", 5, [6, "0x10"], [5, "x", undefined]],
  ["$gte", 5, [5, 6], [4, undefined]],
  ["$in", [1, "a"], [1, "a", ["a"]], ["1", null, undefined, []]],
  ["$nin", [1, "a"], ["1", null, undefined, []], [1, ["a"]]],
  ["$all", [1, 2], [[2, 1], [1, 2, 3]], [[1], 1, undefined]],
  ["$size", 2, [[1, 2]], [[1], "ab", undefined]],
  ["$regex", "^a.c$", ["abc"], ["abcd", 5, undefined]],
  ["$exists", true, [1, null], [undefined]],
  ["$exists", false, [undefined], [1, null]],
  ["$elemMatch", { a: 1 }, [[{ a: 2 }, { a: 1 }]], [[{ a: 2 }], { a: 1 }, undefined]],
]) {
  test(`${operator} ${JSON.stringify(operand)}`, () => {
    const ability = createMongoAbility([rule("read", "Post", { conditions: { value: { [operator]: operand } } })]);
    const record = (value) => (value === undefined ? post({}) : post({ value }));
    for (const value of yes) assert.equal(ability.can("read", record(value)), true, JSON.stringify(value));
    for (const value of no) assert.equal(ability.can("read", record(value)), false, JSON.stringify(value));
  });
}

describe("conditions that CASL cannot read", () => {
  const broken = { value: { $in: 5 } };
  const said = /"in" expects value to be an array/;

  test("throw when a record is asked about, each time", () => {
    const ability = createMongoAbility([rule("read", "Post", { conditions: broken })]);
    assert.throws(() => ability.can("read", post({})), said);
    assert.throws(() => ability.can("read", post({})), said);
    assert.throws(() => ability.relevantRuleFor("read", post({})), said);
  });
  test("do not throw when a type is asked about", () => {
    assert.equal(createMongoAbility([rule("read", "Post", { conditions: broken })]).can("read", "Post"), true);
  });
  test("throw for a type where they deny", () => {
    const ability = createMongoAbility([rule("read", "Post"), deny("read", "Post", { conditions: broken })]);
    assert.throws(() => ability.can("read", "Post"), said);
    assert.throws(() => ability.can("read", "Post"), said);
  });
  test("do not throw where a higher rule decides", () => {
    assert.equal(createMongoAbility([rule("read", "Post", { conditions: broken }), rule("read", "Post")]).can("read", post({})), true);
  });
  test("may be mended before they are read", () => {
    const conditions = { value: { $in: 5 } };
    const ability = createMongoAbility([rule("read", "Post", { conditions })]);
    assert.throws(() => ability.can("read", post({ value: 5 })), said);
    conditions.value.$in = [5];
    assert.equal(ability.can("read", post({ value: 5 })), true);
    conditions.value.$in = [6];
    assert.equal(ability.can("read", post({ value: 5 })), true);
  });
  for (const [title, conditions] of [
    ["an operator on top", { $eq: 1 }],
    ["operators and other keys", { a: { $eq: 1, $foo: 1 } }],
    ["$size of no number", { a: { $size: "1" } }],
    ["$exists of no boolean", { a: { $exists: 1 } }],
    ["$gt of a boolean", { a: { $gt: true } }],
    ["$elemMatch of a list", { a: { $elemMatch: [] } }],
    ["$regex of a number", { a: { $regex: 1 } }],
    ["a broken pattern", { a: { $regex: "(" } }],
    ["broken flags", { a: { $regex: "a", $options: "q" } }],
  ]) {
    test(title, () => assert.throws(() => createMongoAbility([rule("read", "Post", { conditions })]).can("read", post({ a: [1] }))));
  }
  test("a path through null throws a TypeError", () => {
    const ability = createMongoAbility([rule("read", "Post", { conditions: { "list.x": 1 } })]);
    assert.throws(() => ability.can("read", post({ list: [null] })), TypeError);
  });
});

table("fields", [
  ["only those that are named", [rule("read", "Post", { fields: ["title", "text"] })], [[["read", "Post", "title"], true], [["read", "Post", "id"], false], [["read", "Post"], true], [["read", "Post", ""], true]]],
  ["a text is a list of one", [rule("read", "Post", { fields: "title" })], [[["read", "Post", "title"], true], [["read", "Post", "t"], false]]],
  ["an empty text is none", [rule("read", "Post", { fields: "" })], [[["read", "Post", "title"], true]]],
  ["a deny of fields leaves the whole", [rule("read", "Post"), deny("read", "Post", { fields: ["secret"] })], [[["read", "Post", "secret"], false], [["read", "Post", "title"], true], [["read", "Post"], true]]],
  ["with conditions both have to hold", [rule("read", "Post", { fields: ["title"], conditions: { id: 1 } })], [[["read", post({ id: 1 }), "title"], true], [["read", post({ id: 2 }), "title"], false], [["read", post({ id: 1 }), "text"], false], [["read", post({ id: 1 })], true]]],
  ["without fields in any rule they are not looked at", [rule("read", "Post")], [[["read", "Post", "anything"], true]]],
  ["one level", [rule("read", "Post", { fields: ["author.*"] })], [[["read", "Post", "author.name"], true], [["read", "Post", "author"], true], [["read", "Post", "author.address.city"], false], [["read", "Post", "authors"], false]]],
  ["any level", [rule("read", "Post", { fields: ["author.**"] })], [[["read", "Post", "author.address.city"], true], [["read", "Post", "author"], true]]],
  ["in the middle", [rule("read", "Post", { fields: ["author.*.city"] })], [[["read", "Post", "author.home.city"], true], [["read", "Post", "author.city"], false]]],
  ["in front", [rule("read", "Post", { fields: ["*.name"] })], [[["read", "Post", "author.name"], true], [["read", "Post", "name"], false], [["read", "Post", "a.b.name"], false]]],
  ["at the end of a word", [rule("read", "Post", { fields: ["street*"] })], [[["read", "Post", "street1"], true], [["read", "Post", "street"], true], [["read", "Post", "road"], false]]],
  ["signs of regular expressions are plain", [rule("read", "Post", { fields: ["a?b[0].c", "x*"] })], [[["read", "Post", "a?b[0].c"], true], [["read", "Post", "ab0.c"], false]]],
]);

describe("what cannot be used is refused when an ability is made", () => {
  test("an empty list of fields", () => assert.throws(() => createMongoAbility([rule("read", "Post", { fields: [] })]), /cannot be empty/));
  test("fields without a matcher", () => assert.throws(() => new Ability([rule("read", "Post", { fields: ["a"] })]), /"fieldMatcher" option/));
  test("conditions without a matcher", () => assert.throws(() => new Ability([rule("read", "Post", { conditions: {} })]), /"conditionsMatcher" option/));
  test("a field that is no text, when it is asked for", () => assert.throws(() => createMongoAbility([rule("read", "Post")]).can("read", "Post", ["a"]), /expected to be a string/));
  test("an instance where a type is due", () => {
    const ability = createMongoAbility([rule("read", "Post")]);
    assert.throws(() => ability.possibleRulesFor("read", post({})), /accepts only subject types/);
    assert.throws(() => ability.rulesFor("read", post({})), /accepts only subject types/);
    assert.throws(() => ability.actionsFor(post({})), /accepts only subject types/);
  });
});

describe("the type of a record", () => {
  test("the mark that subject makes", () => {
    const ability = createMongoAbility([rule("read", "Article")]);
    const article = subject("Article", { id: 1 });
    assert.equal(ability.can("read", article), true);
    assert.equal(ability.can("read", { ...article }), false);
    assert.deepEqual(Object.keys(article), ["id"]);
    assert.equal(subject("Article", article), article);
    assert.throws(() => subject("Other", article), /previously it was casted to Article/);
    assert.throws(() => subject("Article", Object.freeze({})), TypeError);
    assert.equal(subject("Article", null), null);
  });
  test("the name of the class, or its modelName", () => {
    class Named {}
    Named.modelName = "Article";
    assert.equal(detectSubjectType(new Named()), "Article");
    assert.equal(detectSubjectType(post({})), "Post");
    assert.equal(detectSubjectType(5), "Number");
    assert.throws(() => detectSubjectType(Object.create(null)), TypeError);
  });
  test("with rules on classes alone, the class", () => {
    const ability = createMongoAbility([rule("read", Post)]);
    assert.equal(ability.can("read", post({})), true);
    assert.equal(ability.can("read", Post), true);
    assert.equal(ability.can("read", "Post"), false);
    assert.equal(ability.can("read", subject("Post", {})), false);
    assert.equal(ability.detectSubjectType(post({})), Post);
  });
  test("with rules on classes and names, the name", () => {
    const ability = createMongoAbility([rule("read", Post), rule("read", "User")]);
    assert.equal(ability.can("read", post({})), false);
    assert.equal(ability.can("read", Post), true);
    assert.equal(ability.can("read", subject("User", {})), true);
  });
  test("one's own detection", () => {
    const ability = createMongoAbility([rule("read", "Post")], { detectSubjectType: (object) => object.kind });
    assert.equal(ability.can("read", { kind: "Post" }), true);
    assert.equal(ability.can("read", { kind: "User" }), false);
    assert.equal(ability.detectSubjectType(undefined), "all");
    assert.throws(() => ability.can("read", { kind: 5 }), /accepts only subject types/);
  });
  test("a detectSubjectType of one's own is asked about names, too", () => {
    class Own extends Ability {
      detectSubjectType(object) {
        return typeof object === "string" ? object.toUpperCase() : super.detectSubjectType(object);
      }
    }
    const ability = new Own([rule("read", "POST")]);
    assert.equal(ability.can("read", "post"), true);
    assert.equal(ability.can("read", "User"), false);
    ability.detectSubjectType = () => "POST";
    assert.equal(ability.can("read", "User"), true);
  });
  test("CASL's detection believes JSON; trustedSubjectType does not", () => {
    const rules = [rule("read", "Admin")];
    const trusting = createMongoAbility(rules);
    const careful = createMongoAbility(rules, { detectSubjectType: trustedSubjectType });
    const texts = ['{"__caslSubjectType__":"Admin"}', '{"constructor":{"name":"Admin"}}', '{"constructor":{"modelName":"Admin"}}'];
    for (const text of texts) {
      assert.equal(trusting.can("read", JSON.parse(text)), true, text);
      assert.equal(careful.can("read", JSON.parse(text)), false, text);
      assert.equal(careful.can("read", Object.assign({}, JSON.parse(`{"__proto__":${text}}`))), false, text);
    }
    class Admin {}
    assert.equal(careful.can("read", new Admin()), true);
    assert.equal(careful.can("read", subject("Admin", {})), true);
    assert.equal(careful.can("read", Object.create(null)), false);
  });
});

describe("aliases", () => {
  test("a rule on an alias is one on all it stands for", () => {
    const ability = createMongoAbility([rule("modify", "Post")], { resolveAction: createAliasResolver({ modify: ["update", "delete"], access: "read" }) });
    for (const action of ["modify", "update", "delete"]) assert.equal(ability.can(action, "Post"), true, action);
    assert.equal(ability.can("read", "Post"), false);
    assert.deepEqual(ability.relevantRuleFor("update", "Post").action, ["modify", "update", "delete"]);
  });
  test("rules on what it stands for are none on the alias", () => {
    const ability = createMongoAbility([rule(["update", "delete"], "Post")], { resolveAction: createAliasResolver({ modify: ["update", "delete"] }) });
    assert.equal(ability.can("modify", "Post"), false);
  });
  test("aliases of aliases", () => {
    assert.deepEqual(createAliasResolver({ a: "b", b: ["c", "d"] })("a"), ["a", "b", "c", "d"]);
    assert.deepEqual(createAliasResolver({ a: "b" })(["x", "a"]), ["x", "a", "b"]);
  });
  for (const [title, map] of [
    ["manage as an alias", { manage: "read" }],
    ["an alias of manage", { a: "manage" }],
    ["an alias of manage in a list", { a: ["read", "manage"] }],
    ["itself", { a: "a" }],
    ["itself in a list", { a: ["b", "a"] }],
    ["a loop", { a: "b", b: "c", c: "a" }],
    ["a diamond", { a: ["b", "c"], b: "d", c: "d" }],
  ]) {
    test(`${title} is refused, unless skipValidate is false`, () => {
      assert.throws(() => createAliasResolver(map), /reserved action|Detected cycle/);
      assert.throws(() => createAliasResolver(map, { skipValidate: true }), /reserved action|Detected cycle/);
      assert.equal(typeof createAliasResolver(map, { skipValidate: false }), "function");
    });
  }
  test("another word for manage", () => {
    assert.throws(() => createAliasResolver({ a: "do" }, { anyAction: "do" }), /"do" because this is reserved/);
    assert.deepEqual(createAliasResolver({ a: "manage" }, { anyAction: "do" })("a"), ["a", "manage"]);
  });
});

describe("rules of an ability", () => {
  const rules = [rule("read", "all"), rule(["update", "read"], "Post", { conditions: { id: 1 }, reason: "own" }), deny("manage", "Post", { fields: ["secret"] })];

  test("the list is the one that was given", () => assert.equal(createMongoAbility(rules).rules, rules));
  test("without one it is empty", () => assert.deepEqual(createMongoAbility().rules, []));
  test("possible rules, the highest first", () => {
    const ability = createMongoAbility(rules);
    const found = ability.possibleRulesFor("read", "Post");
    assert.deepEqual(found.map((one) => one.origin), [rules[2], rules[1], rules[0]]);
    assert.deepEqual(found.map((one) => one.priority), [0, 1, 2]);
    assert.equal(ability.possibleRulesFor("read", "Post"), found);
    assert.ok(Object.isFrozen(found));
    assert.deepEqual(ability.possibleRulesFor("delete", "User"), []);
    assert.deepEqual(ability.possibleRulesFor("read").map((one) => one.origin), [rules[0]]);
  });
  test("rules for a field", () => {
    const ability = createMongoAbility(rules);
    assert.deepEqual(ability.rulesFor("read", "Post", "secret").map((one) => one.origin), [rules[2], rules[1], rules[0]]);
    assert.deepEqual(ability.rulesFor("read", "Post", "title").map((one) => one.origin), [rules[1], rules[0]]);
    assert.deepEqual(ability.rulesFor("read", "Post").map((one) => one.origin), [rules[1], rules[0]]);
  });
  test("actions", () => {
    const ability = createMongoAbility(rules);
    assert.deepEqual(ability.actionsFor("Post"), ["manage", "update", "read"]);
    assert.deepEqual(ability.actionsFor("all"), ["read"]);
    assert.deepEqual(ability.actionsFor("User"), ["read"]);
    assert.deepEqual(createMongoAbility().actionsFor("User"), []);
  });
  test("what a rule says", () => {
    const [, one] = createMongoAbility(rules).possibleRulesFor("read", "Post");
    assert.deepEqual(
      { action: one.action, subject: one.subject, inverted: one.inverted, fields: one.fields, reason: one.reason, priority: one.priority },
      { action: ["update", "read"], subject: "Post", inverted: false, fields: undefined, reason: "own", priority: 1 },
    );
    assert.equal(one.conditions, rules[1].conditions);
    assert.equal(one.matchesConditions(post({ id: 1 })), true);
    assert.equal(one.matchesConditions(post({ id: 2 })), false);
    assert.equal(one.matchesConditions("Post"), true);
    assert.equal(one.matchesField("x"), true);
    assert.equal(one.ast.operator, "eq");
    assert.equal(one.ast.field, "id");
  });
  test("changing the list changes nothing before an update", () => {
    const list = [rule("read", "Post")];
    const ability = createMongoAbility(list);
    list.push(rule("update", "Post"));
    assert.equal(ability.can("update", "Post"), false);
    assert.equal(ability.update(list), ability);
    assert.equal(ability.can("update", "Post"), true);
  });
});

describe("events", () => {
  const setup = () => {
    const ability = createMongoAbility([rule("read", "Post")]);
    const seen = [];
    return { ability, seen, note: (word) => () => seen.push(word) };
  };
  test("update comes before, updated after", () => {
    const { ability, seen } = setup();
    const next = [rule("update", "Post")];
    for (const name of ["update", "updated"]) {
      ability.on(name, (event) => seen.push([name, ability.can("update", "Post"), event.rules === next, event.target === ability, event.ability === ability]));
    }
    ability.update(next);
    assert.deepEqual(seen, [["update", false, true, true, true], ["updated", true, true, true, true]]);
  });
  test("the newest handler is called first", () => {
    const { ability, seen, note } = setup();
    for (const word of ["a", "b", "c"]) ability.on("updated", note(word));
    ability.update([]);
    assert.deepEqual(seen, ["c", "b", "a"]);
  });
  test("each handler can be taken away, twice too", () => {
    const { ability, seen, note } = setup();
    const same = note("same");
    const off = ability.on("updated", same);
    ability.on("updated", same);
    ability.on("updated", note("other"));
    off();
    off();
    ability.update([]);
    assert.deepEqual(seen, ["other", "same"]);
  });
  test("handlers may come and go while they are called", () => {
    const { ability, seen, note } = setup();
    const off = [ability.on("updated", note("first"))];
    off.push(ability.on("updated", () => {
      off.forEach((one) => one());
      ability.on("updated", note("late"));
      seen.push("second");
    }));
    ability.update([]);
    assert.deepEqual(seen, ["second", "first"]);
    ability.update([]);
    assert.deepEqual(seen, ["second", "first", "late"]);
  });
  test("an exception of a handler is the caller's", () => {
    const { ability } = setup();
    ability.on("update", () => {
      throw new Error("no");
    });
    assert.throws(() => ability.update([]), /^Error: no$/);
    assert.equal(ability.can("read", "Post"), true);
  });
  test("rules that cannot be used leave everything as it was", () => {
    const before = [rule("read", "Post", { fields: ["title"] })];
    const ability = createMongoAbility(before);
    const seen = [];
    ability.on("updated", () => seen.push("updated"));
    assert.throws(() => ability.update([rule("read", "Post", { fields: [] })]), /cannot be empty/);
    assert.equal(ability.rules, before);
    assert.equal(ability.can("read", "Post", "secret"), false);
    assert.equal(ability.can("read", "Post", "title"), true);
    assert.deepEqual(seen, []);
  });
});

describe("functions of one's own", () => {
  test("a conditions matcher is asked for the rules that the core finds, in order", () => {
    const asked = [];
    const conditionsMatcher = (wanted) => (object) => {
      asked.push(wanted);
      return object.id === wanted;
    };
    const ability = new Ability([rule("read", "Post"), deny("read", "Post", { conditions: 1 }), rule("update", "Post", { conditions: 3 }), rule("read", "all", { conditions: 2 })], { conditionsMatcher });
    assert.equal(ability.can("read", post({ id: 1 })), false);
    assert.deepEqual(asked, [2, 1]);
    assert.equal(ability.can("read", post({ id: 2 })), true);
    assert.equal(ability.can("read", post({ id: 4 })), true);
    assert.equal(ability.can("read", "Post"), true);
    assert.equal(ability.can("update", "Post"), true);
  });
  test("it may say that everything matches", () => {
    const conditionsMatcher = (matchesAll) => Object.assign(() => true, { matchesAll });
    const ability = new Ability([rule("read", "Post"), deny("read", "Post", { conditions: true }), rule("update", "Post"), deny("update", "Post", { conditions: "some" })], { conditionsMatcher });
    assert.equal(ability.can("read", "Post"), false);
    assert.equal(ability.can("update", "Post"), true);
  });
  test("a field matcher", () => {
    const fieldMatcher = (fields) => (field) => fields.some((one) => one.toUpperCase() === field);
    const ability = new Ability([rule("read", "Post", { fields: ["a"] }), deny("read", "Post", { fields: ["b"] }), rule("read", "User")], { fieldMatcher });
    assert.equal(ability.can("read", "Post", "A"), true);
    assert.equal(ability.can("read", "Post", "a"), false);
    assert.equal(ability.can("read", "Post", "B"), false);
    assert.equal(ability.can("read", "Post"), true);
  });
  test("a subclass sees the questions", () => {
    const asked = [];
    class Noting extends Ability {
      possibleRulesFor(...question) {
        asked.push(question);
        return super.possibleRulesFor(...question);
      }
    }
    const ability = new Noting([rule("read", "Post", { conditions: { id: 1 } }), deny("read", "Post", { fields: ["secret"] })], { conditionsMatcher: mongoQueryMatcher, fieldMatcher: fieldPatternMatcher });
    assert.equal(ability.can("read", "Post"), true);
    assert.equal(ability.can("read", post({ id: 1 })), true);
    assert.equal(ability.can("read", post({ id: 2 })), false);
    assert.equal(ability.can("read", "Post", "secret"), false);
    assert.deepEqual(asked.map((question) => question.slice(0, 2)), [["read", "Post"], ["read", "Post"], ["read", "Post"], ["read", "Post"]]);
  });
  test("possibleRulesFor exchanged on one ability, as @casl/vue does", () => {
    const ability = createMongoAbility([rule("read", "Post", { conditions: { id: 1 } })]);
    const own = ability.possibleRulesFor.bind(ability);
    let asked = 0;
    ability.possibleRulesFor = (...question) => {
      asked++;
      return own(...question);
    };
    assert.equal(ability.can("read", "Post"), true);
    assert.equal(ability.can("read", post({ id: 2 })), false);
    assert.equal(asked, 2);
  });
  test("a relevantRuleFor of one's own decides", () => {
    const ability = createMongoAbility([rule("read", "Post")]);
    ability.relevantRuleFor = () => null;
    assert.equal(ability.can("read", "Post"), false);
    assert.equal(ability.cannot("read", "Post"), true);
  });
  test("behind a proxy", () => {
    const ability = new Proxy(createMongoAbility([rule("read", "Post", { conditions: { id: 1 } })]), {});
    assert.equal(ability.can("read", "Post"), true);
    assert.equal(ability.can("read", post({ id: 2 })), false);
    ability.update([]);
    assert.equal(ability.can("read", "Post"), false);
  });
});

describe("many names", () => {
  test("more than share one table, and abilities of before", () => {
    const early = createMongoAbility([rule("read", "Post")]);
    assert.equal(early.can("read", "Post"), true);
    const many = createMongoAbility(Array.from({ length: 10_000 }, (_, at) => rule(`action ${at % 7}`, `type ${at}`)));
    const later = createMongoAbility([deny("read", "Post"), rule("update", "Post")]);
    for (let at = 0; at < 10_000; at += 97) {
      assert.equal(many.can(`action ${at % 7}`, `type ${at}`), true);
      assert.equal(many.can(`action ${(at + 1) % 7}`, `type ${at}`), false);
    }
    assert.deepEqual([early.can("read", "Post"), early.can("update", "Post"), later.can("read", "Post"), later.can("update", "Post")], [true, false, false, true]);
  });
  test("names made up in questions", () => {
    const ability = createMongoAbility([rule("read", "all"), rule("manage", "Post")]);
    for (let at = 0; at < 10_000; at++) {
      if (!ability.can("read", `type ${at}`) || ability.can(`action ${at}`, "User") || !ability.can(`action ${at}`, "Post")) assert.fail(`${at}`);
    }
  });
});

test("wrapArray", () => {
  const list = [1];
  assert.equal(wrapArray(list), list);
  assert.deepEqual(wrapArray(1), [1]);
});

test("defineAbility at once and later", async () => {
  const now = defineAbility((can, cannot) => {
    can("read", "Post");
    cannot("read", "Post", { id: 1 }).because("not this one");
  });
  assert.equal(now.can("read", post({ id: 1 })), false);
  const later = defineAbility(async (can) => {
    await undefined;
    can("read", "Post");
  });
  assert.equal(later instanceof Promise, true);
  assert.equal((await later).can("read", "Post"), true);
});
