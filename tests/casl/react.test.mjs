// @casl/react as it is, given an ability of latchgate/casl.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AbilityProvider, Can, useAbility } from "@casl/react";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { createMongoAbility, defineAbility, subject } from "latchgate/casl";

const ability = defineAbility((can, cannot) => {
  can("read", "Post", { open: true });
  can("update", "Post", ["title"]);
  cannot("delete", "Post").because("posts stay");
});

const render = (props, children = "yes") => renderToStaticMarkup(createElement(AbilityProvider, { value: ability }, createElement(Can, props, children)));

describe("Can", () => {
  for (const [title, props, expected] of [
    ["a type", { I: "read", a: "Post" }, "yes"],
    ["a type that may not", { I: "delete", a: "Post" }, ""],
    ["not", { not: true, I: "delete", a: "Post" }, "yes"],
    ["a record", { I: "read", this: subject("Post", { open: true }) }, "yes"],
    ["a record that may not", { I: "read", this: subject("Post", { open: false }) }, ""],
    ["a field", { do: "update", on: "Post", field: "title" }, "yes"],
    ["a field that may not", { do: "update", on: "Post", field: "id" }, ""],
    ["passThrough", { I: "delete", a: "Post", passThrough: true }, "yes"],
  ]) {
    test(title, () => assert.equal(render(props), expected));
  }
  test("a function sees the answer and the reason", () => {
    const seen = ({ isAllowed, reason, ability: given }) => `${isAllowed} ${reason} ${given === ability}`;
    assert.equal(render({ I: "delete", a: "Post", passThrough: true }, seen), "false posts stay true");
  });
});

test("useAbility reads what is there after an update", () => {
  const changing = createMongoAbility([]);
  const Answer = () => `${useAbility().can("read", "Post")}`;
  const page = () => renderToStaticMarkup(createElement(AbilityProvider, { value: changing }, createElement(Answer)));
  assert.equal(page(), "false");
  changing.update([{ action: "read", subject: "Post" }]);
  assert.equal(page(), "true");
});

test("the store that useAbility subscribes to tells of updates, and of nothing afterwards", () => {
  const changing = createMongoAbility([]);
  const snapshots = [];
  const off = changing.on("updated", () => snapshots.push(changing.rules));
  const before = changing.rules;
  const next = [{ action: "read", subject: "Post" }];
  changing.update(next);
  off();
  changing.update([]);
  assert.deepEqual(snapshots, [next]);
  assert.notEqual(before, next);
});
