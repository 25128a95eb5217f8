// Of which type a record is: what the program says, and never what the record says by itself.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as latchgate from "latchgate";
import { compile, loadPolicy, resource } from "latchgate";
import * as insight from "latchgate/insight";
import * as reader from "latchgate/reader";

const snapshot = { system: "casl", payloads: { e: [{ action: "read", subject: "archive", conditions: { owner: "u1" } }] } };
const userOf = (options) => loadPolicy(snapshot, options).principal("e");

test("without a word about its type a record is a mistake of the program", () => {
  const user = userOf();
  for (const record of [{ type: "archive", owner: "u1" }, { __caslSubjectType__: "archive", owner: "u1" }, [], null, undefined, 7]) {
    for (const ask of [() => user.can("read", record), () => user.check("read", record), () => user.can("read", record, "field")]) {
      assert.throws(ask, (error) => error.code === "ERR_ARGUMENT" && ["can(action, type, record)", "resource(type, record)", "recordType"].every((word) => error.message.includes(word)));
    }
  }
});

test("the type that is said counts, whatever the record says", () => {
  const user = userOf();
  assert.equal(user.can("read", "archive", { type: "other", owner: "u1" }), true);
  assert.equal(user.can("read", "other", { type: "archive", owner: "u1" }), false);
});

test("a record is marked without being touched", () => {
  const user = userOf();
  const record = Object.freeze({ owner: "u1", type: "other" });
  assert.equal(resource("archive", record), record);
  assert.deepEqual(Reflect.ownKeys(record), ["owner", "type"]);
  assert.equal(user.can("read", record), true);
  assert.equal(user.check("read", record).effect, "allow");
  assert.equal(user.can("read", resource("archive", { owner: "u2" })), false);
  assert.equal(user.can("read", resource("other", { owner: "u1" })), false);
  assert.equal(resource("archive", record), record, "said twice");
  assert.throws(() => resource("other", record), { code: "ERR_ARGUMENT" });
  assert.throws(() => user.can("read", { ...record }), { code: "ERR_ARGUMENT" }, "a copy is not marked");
  for (const wrong of [() => resource(1, {}), () => resource("a", null), () => resource("a", "b"), () => resource(undefined, {})]) assert.throws(wrong, { code: "ERR_ARGUMENT" });
});

test("a record may say it itself where the program lets it", () => {
  for (const recordType of ["kind", (record) => record.kind]) {
    const small = reader.loadPolicy(compile(snapshot), { recordType }).principal("e");
    for (const user of [userOf({ recordType }), small]) {
      assert.equal(user.can("read", { kind: "archive", owner: "u1" }), true);
      assert.equal(user.can("read", { kind: "other", owner: "u1" }), false);
      assert.equal(user.can("read", { type: "archive", owner: "u1" }), false);
      assert.equal(user.check("read", { type: "archive", owner: "u1" }).code, "invalid_question");
      assert.equal(user.check("read", { kind: 7, owner: "u1" }).code, "invalid_question");
      assert.equal(user.check("read", null).code, "invalid_question");
      assert.equal(user.can("read", undefined), false);
    }
  }
  const user = userOf({ recordType: "kind" });
  assert.equal(user.can("read", resource("archive", { kind: "other", owner: "u1" })), true, "what is marked counts first");
  assert.equal(user.can("read", { get kind() { throw new Error("not loaded"); }, owner: "u1" }), false);
  for (const recordType of [1, null, {}, true]) assert.throws(() => loadPolicy(snapshot, { recordType }), { code: "ERR_ARGUMENT" });
});

const require = createRequire(import.meta.url);
/** Each a copy of its own: what one marks, the others have to know. */
const COPIES = { latchgate, insight, reader, required: require("latchgate"), "required reader": require("latchgate/reader"), "required insight": require("latchgate/insight") };

test("what one entry has marked, every entry knows", () => {
  let asked = 0;
  const bytes = compile(snapshot);
  for (const [marking, { resource }] of Object.entries(COPIES)) {
    for (const [asking, { loadPolicy }] of Object.entries(COPIES)) {
      const plain = loadPolicy(bytes).principal("e");
      const trusting = loadPolicy(bytes, { recordType: "type" }).principal("e");
      for (const user of [plain, trusting]) {
        const said = `${marking}, ${asking}`;
        assert.equal(user.can("read", resource("archive", { owner: "u1" })), true, said);
        assert.equal(user.can("read", resource("other", { type: "archive", owner: "u1" })), false, `${said}: its own word does not count where the program has spoken`);
        asked++;
      }
    }
  }
  assert.equal(asked, 72);
  const record = resource("archive", {});
  for (const { resource } of Object.values(COPIES)) assert.throws(() => resource("other", record), { code: "ERR_ARGUMENT" });
});

test("nothing that comes as JSON, and nothing of a record's own, is a mark", () => {
  const user = userOf();
  const registered = Symbol.for("latchgate.marks");
  const records = [
    JSON.parse('{"Symbol(latchgate.marks)":"archive","latchgate.marks":"archive","@@latchgate.marks":"archive","owner":"u1"}'),
    JSON.parse('{"__proto__":{"type":"archive"},"owner":"u1"}'),
    { [registered]: "archive", owner: "u1" },
    Object.create(resource("archive", { owner: "u1" })),
    structuredClone(resource("archive", { owner: "u1" })),
    JSON.parse(JSON.stringify(resource("archive", { owner: "u1" }))),
  ];
  for (const record of records) assert.throws(() => user.can("read", record), { code: "ERR_ARGUMENT" });
});

test("the marks are out of reach by accident", () => {
  resource("archive", {});
  const place = Object.getOwnPropertyDescriptor(globalThis, Symbol.for("latchgate.marks"));
  assert.deepEqual([place.writable, place.configurable, place.enumerable], [false, false, false]);
});
