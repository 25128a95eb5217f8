// The builder, and the error that says why not.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ability, AbilityBuilder, createMongoAbility, ForbiddenError, subject } from "latchgate/casl";

describe("the builder", () => {
  const made = (...calls) => {
    const builder = new AbilityBuilder(createMongoAbility);
    for (const [name, ...args] of calls) builder[name](...args);
    return builder.rules;
  };
  for (const [title, calls, rules] of [
    ["an action alone", [["can", "read"]], [{ action: "read" }]],
    ["an action alone has no conditions", [["can", "read", undefined, { a: 1 }]], [{ action: "read" }]],
    ["a type", [["can", "read", "Post"]], [{ action: "read", subject: "Post" }]],
    ["lists", [["can", ["a", "b"], ["X", "Y"]]], [{ action: ["a", "b"], subject: ["X", "Y"] }]],
    ["conditions", [["can", "read", "Post", { id: 1 }]], [{ action: "read", subject: "Post", conditions: { id: 1 } }]],
    ["fields", [["can", "read", "Post", ["a"]], ["can", "read", "Post", "b"]], [{ action: "read", subject: "Post", fields: ["a"] }, { action: "read", subject: "Post", fields: "b" }]],
    ["fields and conditions", [["can", "read", "Post", ["a"], { id: 1 }]], [{ action: "read", subject: "Post", fields: ["a"], conditions: { id: 1 } }]],
    ["a deny", [["cannot", "read", "Post"]], [{ action: "read", inverted: true, subject: "Post" }]],
  ]) {
    test(title, () => assert.deepEqual(made(...calls), rules));
  }
  test("reasons", () => {
    const builder = new AbilityBuilder(createMongoAbility);
    const added = builder.cannot("read", "Post");
    assert.equal(added.because("it is late"), added);
    assert.deepEqual(builder.rules, [{ action: "read", inverted: true, subject: "Post", reason: "it is late" }]);
  });
  test("can and cannot may be taken apart from it", () => {
    const { can, cannot, rules } = new AbilityBuilder(createMongoAbility);
    can("read", "Post");
    cannot("read", "User");
    assert.equal(rules.length, 2);
  });
  test("a function or a class makes the ability, with its options", () => {
    for (const make of [createMongoAbility, Ability]) {
      const builder = new AbilityBuilder(make);
      builder.can("do", "Post");
      const ability = builder.build({ anyAction: "do" });
      assert.ok(ability instanceof Ability);
      assert.equal(ability.rules, builder.rules);
      assert.equal(ability.can("read", "Post"), true);
    }
    const own = {};
    assert.equal(new AbilityBuilder(() => own).build(), own);
  });
});

describe("ForbiddenError", () => {
  class Note {}
  const ability = createMongoAbility([
    { action: "read", subject: ["Post", "Note"] },
    { action: "delete", subject: "Post", inverted: true, reason: "posts stay" },
    { action: "purge", subject: "Post", inverted: true, reason: "" },
  ]);
  test("is not there where something may be done", () => {
    assert.equal(ForbiddenError.from(ability).unlessCan("read", "Post"), undefined);
    ForbiddenError.from(ability).throwUnlessCan("read", new Note());
  });
  test("says what was asked", () => {
    const post = subject("Post", { id: 1 });
    const error = ForbiddenError.from(ability).unlessCan("update", post, "title");
    assert.ok(error instanceof ForbiddenError && error instanceof Error);
    assert.deepEqual([error.name, error.action, error.subject, error.subjectType, error.field, error.ability], ["ForbiddenError", "update", post, "Post", "title", ability]);
    assert.equal(error.message, 'Cannot execute "update" on "Post"');
    assert.throws(() => ForbiddenError.from(ability).throwUnlessCan("update", post), ForbiddenError);
  });
  test("its message is listed with its other members", () => {
    const { ability: _, ...shown } = ForbiddenError.from(ability).unlessCan("delete", "Post");
    assert.deepEqual(shown, { name: "ForbiddenError", message: "posts stay", action: "delete", subject: "Post", subjectType: "Post", field: undefined });
  });
  for (const [title, ask, message] of [
    ["a reason", (error) => error.unlessCan("delete", "Post"), "posts stay"],
    ["an empty reason is none", (error) => error.unlessCan("purge", "Post"), 'Cannot execute "purge" on "Post"'],
    ["one's own words", (error) => error.setMessage("no").unlessCan("delete", "Post"), "no"],
    ["no subject", (error) => error.unlessCan("delete"), 'Cannot execute "delete" on "all"'],
    ["a class", (error) => error.unlessCan("delete", Note), 'Cannot execute "delete" on "Note"'],
  ]) {
    test(title, () => assert.equal(ask(ForbiddenError.from(ability)).message, message));
  }
  test("the default can be exchanged", () => {
    const before = ForbiddenError._defaultErrorMessage;
    try {
      ForbiddenError.setDefaultMessage((error) => `${error.action}?`);
      assert.equal(ForbiddenError.from(ability).unlessCan("x", "Post").message, "x?");
      ForbiddenError.setDefaultMessage("no");
      assert.equal(ForbiddenError.from(ability).unlessCan("x", "Post").message, "no");
    } finally {
      ForbiddenError.setDefaultMessage(before);
    }
  });
  test("a subclass has a default of its own", () => {
    class Own extends ForbiddenError {}
    Own.setDefaultMessage("own");
    assert.equal(Own.from(ability).unlessCan("x", "Post").message, "own");
    assert.equal(ForbiddenError.from(ability).unlessCan("x", "Post").message, 'Cannot execute "x" on "Post"');
  });
});
