// Mistakes of the program are exceptions with a code; mistakes in the data are answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, LatchgateError, loadPolicy } from "latchgate";
import * as latchgate from "latchgate";
import * as insight from "latchgate/insight";
import * as insightSlim from "latchgate/insight/slim";
import * as reader from "latchgate/reader";
import * as readerSlim from "latchgate/reader/slim";
import * as slim from "latchgate/slim";
import { userWith } from "./snapshots.mjs";

const user = userWith({ action: "read", subject: "archive" });
const snapshot = { system: "open-archiver", payloads: { roles: [], users: [] } };
const policy = loadPolicy(snapshot);

/** Runs something that must be refused, and gives back the error. */
function refused(work, code = "ERR_ARGUMENT") {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof LatchgateError, String(error));
    assert.ok(error instanceof Error);
    assert.equal(error.name, "LatchgateError");
    assert.equal(error.code, code);
    assert.equal(typeof error.path, "string");
    return error;
  }
  return assert.fail("nothing was thrown");
}

test("a type where a record belongs: the message names the right method", () => {
  assert.match(refused(() => user.can("read", "archive")).message, /canAny\("read", "archive"\)/);
  assert.match(refused(() => user.check("read", "archive")).message, /checkAny/);
});

test("names that are no text", () => {
  for (const name of [undefined, null, 1, {}, ["read"]]) {
    refused(() => user.can(name));
    refused(() => user.check(name));
    refused(() => user.can(name, "archive", { id: "a" }));
    refused(() => user.canAny("read", name));
    refused(() => user.canAny(name, "archive"));
    refused(() => user.canAll([name]));
    refused(() => user.canRequest("GET", name));
    refused(() => user.canRequest(name, "/"));
    refused(() => user.filter("read", name));
  }
});

test("lists that are none", () => {
  for (const list of [undefined, null, "read", {}]) {
    refused(() => user.canAll(list));
    refused(() => user.canSome(list));
    refused(() => user.canMany(list));
    refused(() => user.canMany(list, new Uint8Array(8)));
    refused(() => policy.permissions(list));
  }
  for (const list of [[undefined], [null], new Array(2), ["a:read", 1]]) {
    refused(() => user.canAll(list));
    refused(() => user.canSome(list));
    refused(() => user.canMany(list));
    refused(() => policy.permissions(list));
  }
  refused(() => user.canMany({ length: -1 }));
  refused(() => user.filter(undefined, "archive"));
});

test("answers are put into bytes, and into enough of them", () => {
  for (const into of [1, "x", {}, [], [0], { length: 8 }, Symbol("x"), new DataView(new ArrayBuffer(8)), new Uint8Array(0)]) {
    refused(() => user.canMany(["a:read"], into));
  }
  assert.deepEqual([...user.canMany(["a:read"], new Uint8Array(2).fill(7))], [0, 7]);
});

test("what is strict, or misspelt, is not passed over", () => {
  const bytes = compile(snapshot);
  for (const { loadPolicy, LatchgateError } of [latchgate, reader]) {
    for (const options of [{ strict: true }, { strict: "yes" }, { recordType: "type", strict: 1 }, Object.create({ strict: true })]) {
      assert.throws(() => loadPolicy(bytes, options), (error) => error instanceof LatchgateError && error.code === "ERR_ARGUMENT" && error.message.includes("latchgate/insight"));
    }
    loadPolicy(bytes, { strict: false }).free();
  }
  for (const { loadPolicy, LatchgateError } of [latchgate, reader, insight]) {
    for (const options of [{ stict: true }, { recordtype: "type" }, true, "strict", null, ["strict"]]) {
      assert.throws(() => loadPolicy(bytes, options), (error) => error instanceof LatchgateError && error.code === "ERR_ARGUMENT");
    }
    loadPolicy(bytes, {}).free();
    loadPolicy(bytes, { strict: undefined, recordType: undefined }).free();
  }
});

test("an entry that is brought its WebAssembly has the names of the one that carries it", () => {
  for (const [whole, brought] of [[latchgate, slim], [reader, readerSlim], [insight, insightSlim]]) {
    const { imports, initSync, ...same } = brought;
    assert.equal(typeof imports, "function");
    assert.equal(typeof initSync, "function");
    assert.deepEqual(Object.keys(same), Object.keys(whole));
  }
  for (const name of Object.keys(latchgate)) assert.ok(name in insight, `latchgate/insight has no ${name}`);
});

test("whom to compile for is said in an object", () => {
  for (const only of [null, 1, "u", ["u"], {}, { principal: undefined }, { strict: true }, { principal: "u", strict: true }, { principle: "u" }]) refused(() => compile(snapshot, only));
  assert.ok(compile(snapshot, { principal: null }).length > 0);
  // Nobody is called so: what would be compiled denies everything.
  assert.match(refused(() => compile(snapshot, { principal: "u" })).message, /`u`/);
});

test("names with half a surrogate pair are never allowed, and never mistaken for others", () => {
  const all = userWith({ action: "manage", subject: "all" });
  assert.equal(all.canAny("read\ud800", "archive"), false);
  assert.equal(all.checkAny("read\ud800", "archive").effect, "error");
  const named = loadPolicy({ system: "kura", payloads: { identities: [{ identity: { name: "u" }, permissionConfiguration: { permissions: [{ name: "read\ufffd" }] } }] } }).principal("u");
  assert.equal(named.can("read\ufffd"), true);
  assert.equal(named.can("read\ud800"), false);
  assert.equal(named.check("read\ud800").effect, "error");
});

test("claims and contexts that cannot be written down", () => {
  const loop = {};
  loop.self = loop;
  refused(() => policy.principal(loop));
  refused(() => policy.principal("u", { attributes: { a: 1n } }));
  refused(() => policy.list("roles", loop));
  refused(() => policy.list("rolls"), "ERR_LIST_UNKNOWN");
  assert.equal(policy.decide(loop).code, "invalid_question");
  for (const question of [undefined, null, 1, "x", [], {}, { ask: 1 }]) {
    assert.equal(policy.decide(question).code, "invalid_question", JSON.stringify(question));
  }
});

test("what a getter of a question frees is refused, and is no fault of the question", () => {
  const made = () => loadPolicy(snapshot);
  const questions = {
    decide: (policy) => policy.decide({ principal: "u", get ask() { policy.free(); return { kind: "permission", permission: "a" }; } }),
    principal: (policy) => policy.principal("u", { get tenant() { policy.free(); return "t"; } }),
    list: (policy) => policy.list("roles", { get any() { policy.free(); return undefined; } }),
    slice: (policy) => policy.slice("u", { get tenant() { policy.free(); return "t"; } }),
    canRequest: (policy) => ((user) => user.canRequest("GET", "/", { get any() { user.free(); return 1; } }))(policy.principal("u")),
    checkRequest: (policy) => ((user) => user.checkRequest("GET", "/", { get any() { user.free(); return 1; } }))(policy.principal("u")),
  };
  for (const [name, ask] of Object.entries(questions)) assert.equal(refused(() => ask(made()), "ERR_FREED").code, "ERR_FREED", name);
});

test("no end of different names", () => {
  const all = userWith({ action: "manage", subject: "all" });
  const before = all.can("read:archive");
  for (let i = 0; i < 25_000; i++) all.can(`made up ${i}`);
  assert.equal(all.can("read:archive"), before);
});
