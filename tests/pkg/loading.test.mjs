// The forms a snapshot may have, and what is said about those that cannot be loaded.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { init, LatchgateError, loadPolicy, version } from "latchgate";

const folder = new URL("../vectors/snapshots/", import.meta.url);
const files = readdirSync(folder);

/** The error of a snapshot that must be refused. */
function refused(source) {
  try {
    loadPolicy(source);
  } catch (error) {
    assert.ok(error instanceof LatchgateError, String(error));
    assert.match(error.code, /^ERR_[A-Z_]+$/);
    assert.match(error.message, /\S \S/);
    return error;
  }
  return assert.fail("it was loaded");
}

test("there are snapshots to load", () => assert.ok(files.length >= 6));

for (const file of files) {
  test(`${file}: bytes, buffer, a piece of a buffer, text and object`, () => {
    const bytes = readFileSync(new URL(file, folder));
    const padded = new Uint8Array(bytes.length + 10);
    padded.set(bytes, 5);
    const text = bytes.toString("utf8");
    const facts = [bytes, new Uint8Array(bytes).buffer, padded.subarray(5, 5 + bytes.length), new DataView(padded.buffer, 5, bytes.length), text, JSON.parse(text)].map((source) => {
      const policy = loadPolicy(source);
      const { system, format, tenant, counts, warnings } = policy;
      policy.free();
      return { system, format, tenant, counts, warnings };
    });
    assert.equal(facts[0].system, JSON.parse(text).system);
    assert.ok(facts[0].counts.principals + facts[0].counts.roles > 0);
    for (const other of facts) assert.deepEqual(other, facts[0]);
  });
}

test("the core tells a compiled snapshot from JSON, and says what it consists of", () => {
  for (const file of files) {
    const text = loadPolicy(readFileSync(new URL(file, folder)));
    const bytes = text.compiled();
    for (const source of [bytes, bytes.buffer, Buffer.concat([new Uint8Array(3), bytes]).subarray(3)]) {
      const { from, ...layout } = loadPolicy(source).layout();
      assert.equal(from, "compiled");
      assert.deepEqual({ from: "json", ...layout }, text.layout());
      assert.equal(layout.bytes, bytes.length);
      assert.equal(layout.slice, false);
      assert.ok(layout.sections.texts > 0 && layout.sections.texts < bytes.length);
    }
    const changed = bytes.slice();
    changed[bytes.length - 1] ^= 1;
    assert.equal(refused(changed).code, "ERR_COMPILED");
  }
});

test("the caller's bytes are left as they were", () => {
  const bytes = new Uint8Array(readFileSync(new URL(files[0], folder)));
  const copy = bytes.slice();
  loadPolicy(bytes).free();
  assert.deepEqual(bytes, copy);
});

test("what is no snapshot is refused with a code and a sentence", () => {
  for (const source of ["", "{", "null", "[]", "7", "{}", new Uint8Array(0), new Uint8Array([0xff]), { system: "nowhere" }, []]) refused(source);
});

test("what is not even data is refused with a hint", () => {
  for (const source of [undefined, null, 7, true, () => 1, Symbol("x"), new Response("{}"), Promise.resolve("{}"), new Map()]) {
    assert.equal(refused(source).code, "ERR_ARGUMENT");
  }
  assert.match(refused(new Response("{}")).message, /arrayBuffer/);
});

test("half a surrogate pair in the text is refused, not replaced", () => {
  const text = (tenant) => `{"system":"kura","tenant":"${tenant}","payloads":{"identities":[]}}`;
  // With any other character there it loads, the one that would stand in for it too.
  for (const tenant of ["t", "\ufffd", "\u{1f600}"]) loadPolicy(text(tenant)).free();
  for (const tenant of ["\ud800", "\udc00", "a\ud83d", "\udc00\ud800"]) {
    const { code, path } = refused(text(tenant));
    assert.deepEqual([code, path], ["ERR_JSON", "$.tenant"]);
  }
});

test("a refusal says where", () => {
  assert.match(refused({ system: "open-archiver", payloads: { roles: 7 } }).path, /^\$/);
});

test("handles are freed once and refuse afterwards", () => {
  const policy = loadPolicy(readFileSync(new URL(files[0], folder)));
  const user = policy.principal(null);
  user.free();
  user.free();
  for (const ask of [() => user.can("a:b"), () => user.check("a:b"), () => user.permissions(), () => user.grants()]) assert.throws(ask, { code: "ERR_FREED" });
  policy[Symbol.dispose]();
  policy.free();
  for (const ask of [() => policy.decide({}), () => policy.principal(null), () => policy.list("roles")]) assert.throws(ask, { code: "ERR_FREED" });
});

test("a principal outlives its policy", () => {
  const policy = loadPolicy(readFileSync(new URL("kura.main.json", folder)));
  const user = policy.principal("nobody knows me");
  policy.free();
  assert.equal(user.can("never asked before"), false);
  assert.equal(user.check("never asked before").effect, "deny");
});

test("init may be awaited, again and again", async () => {
  await Promise.all([init(), init()]);
  assert.match(version(), /^\d+\.\d+\.\d+$/);
});

test("what is too large is refused before it crosses, and is refused whatever it holds", () => {
  const megabytes = 100 << 20;
  assert.equal(refused("x".repeat(megabytes)).code, "ERR_TOO_LARGE");
  assert.equal(refused(new Uint8Array(megabytes)).code, "ERR_TOO_LARGE");
  const policy = loadPolicy({ system: "kura", payloads: { identities: [{ userName: "u", permissions: ["kura.admin"] }] } });
  const user = policy.principal("u");
  const decision = user.check("x".repeat(2 << 20));
  assert.deepEqual([decision.effect, decision.code], ["error", "invalid_question"]);
  assert.equal(user.can("x".repeat(2 << 20)), false);
  assert.equal(policy.decide({ principal: "u", ask: { kind: "permission", permission: "y".repeat(2 << 20) } }).code, "invalid_question");
});
