// Lists hand out a vendor's documents: their keys are data, whatever they are called.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "latchgate";

test("a document with the keys __proto__ and constructor is a plain object with these keys", () => {
  const text = '{"system":"kura","payloads":{"identities":{"userConfig":[{"userName":"u","permissions":[],"__proto__":{"admin":true},"constructor":1}]}}}';
  const policy = loadPolicy(text);
  const { userConfig } = policy.list("users");
  assert.deepEqual(Object.keys(userConfig[0]), ["userName", "permissions", "__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(userConfig[0]), Object.prototype);
  assert.equal(userConfig[0].admin, undefined);
  assert.equal({}.admin, undefined);
});

test("a list that the system does not have is refused by code", () => {
  const policy = loadPolicy({ system: "kura", payloads: { identities: [] } });
  assert.throws(() => policy.list("user-scopes", { user: "u" }), { name: "LatchgateError", code: "ERR_LIST_UNKNOWN" });
  assert.throws(() => policy.list("users", { colour: 1 }), { name: "LatchgateError", code: "ERR_ARGUMENT" });
});
