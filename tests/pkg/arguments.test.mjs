// Mistakes of the program are exceptions with a code; mistakes in the data are answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LatchgateError, loadPolicy } from "latchgate";
import { userWith } from "./snapshots.mjs";

const user = userWith({ action: "read", subject: "archive" });

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
  }
  refused(() => user.filter(undefined, "archive"));
});

test("names with half a surrogate pair are never allowed, and never mistaken for others", () => {
  const all = userWith({ action: "manage", subject: "all" });
  assert.equal(all.canAny("read\ud800", "archive"), false);
  assert.equal(all.checkAny("read\ud800", "archive").effect, "error");
  assert.equal(user.can("read\ud800"), false);
  assert.equal(user.can("read\ufffd"), false);
});

test("claims and contexts that cannot be written down", () => {
  const policy = loadPolicy({ system: "open-archiver", payloads: { roles: [], users: [] } });
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

test("no end of different names", () => {
  const all = userWith({ action: "manage", subject: "all" });
  const before = all.can("read:archive");
  for (let i = 0; i < 25_000; i++) all.can(`made up ${i}`);
  assert.equal(all.can("read:archive"), before);
});
