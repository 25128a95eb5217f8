// The quick ways of the binding (bits, handles, whole screens, plans) and both builds answer as the full question does.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { compile, loadPolicy } from "latchgate";
import * as reader from "latchgate/reader";

const folder = new URL("../vectors/snapshots/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const snapshots = new Map(files.map((name) => [name, readFileSync(new URL(name, folder))]));
snapshots.set("native", readFileSync(new URL("../fixtures/native.json", import.meta.url)));

const ACTIONS = ["read", "update", "delete", "search", "manage", "write", "approve"];
const TYPES = ["archive", "ingestion", "order", "invoice", "folder", "doc", "user", "users"];
const IDS = [undefined, "u1", "a/b", "", "11111111-1111-4111-8111-111111111111", 7, null, true];
const TEXTS = ["HIDDEN@example.org", "open", "ann", "x", "", 3, 1200, null, undefined, false, ["open"], { k: 1 }];

function* records() {
  let at = 0;
  for (const id of IDS) {
    for (const text of TEXTS) {
      at++;
      yield { id, userId: TEXTS[at % TEXTS.length], userEmail: text, owner: text, status: TEXTS[(at * 5) % TEXTS.length], total: TEXTS[(at * 7) % TEXTS.length], amount: at * 100 };
    }
  }
}

for (const [name, bytes] of snapshots) {
  test(`${name}: every way, in both builds`, () => {
    const full = loadPolicy(bytes);
    const small = reader.loadPolicy(compile(bytes));
    const names = [...new Set([...full.list("permissions").map((one) => one.name), "made:up", "nothing", "*", "iam/roles:read:deep"])].filter((one) => one.length > 0);
    let compared = 0;
    const principals = [...full.list("principals").map((one) => one.id), "nobody of this name", null];
    const screens = [full, small].map((policy) => policy.permissions(names));
    const handles = [full, small].map((policy) => names.map((one) => policy.permission(one)));
    for (const who of principals) {
      for (const context of [undefined, { now: "2026-01-01T00:00:00Z" }, { sessionScopes: names.slice(0, 3) }]) {
        const slices = who === null ? [] : [reader.loadPolicy(full.slice(who, context))];
        [full, small, ...slices].forEach((policy, build) => {
          const user = policy.principal(who, context);
          const many = user.canMany(build < 2 ? screens[build] : names);
          const into = user.canMany(names, new Uint8Array(names.length));
          names.forEach((one, at) => {
            const decision = full.principal(who, context).check(one);
            const allowed = decision.effect === "allow";
            assert.equal(user.can(one), allowed, `${who} ${one}`);
            assert.equal(user.can(handles[0][at]), allowed, `${who} ${one}, a handle of the full build`);
            assert.equal(user.can(handles[1][at]), allowed, `${who} ${one}, a handle of the reader`);
            assert.equal(many[at], allowed);
            assert.equal(into[at], allowed ? 1 : 0);
            assert.equal(user.check(one).effect, decision.effect);
            if (build < 2) assert.deepEqual(user.check(one), decision);
            assert.ok(Object.isFrozen(user.check(one)));
            compared++;
          });
          for (const action of ACTIONS) {
            for (const type of TYPES) {
              const decision = user.checkAny(action, type);
              assert.equal(user.canAny(action, type), decision.effect === "allow", `${who} ${action} ${type}`);
              compared++;
            }
          }
        });
      }
    }
    assert.ok(compared > 100, `${compared} compared`);
  });

  test(`${name}: records by plan and in full`, () => {
    const full = loadPolicy(bytes);
    const small = reader.loadPolicy(full.compiled());
    let compared = 0;
    for (const who of full.list("principals").map((one) => one.id)) {
      const [user, same] = [full.principal(who), small.principal(who)];
      for (const action of ACTIONS.slice(0, 4)) {
        for (const type of TYPES.slice(0, 6)) {
          for (const record of records()) {
            const decision = user.check(action, type, record);
            const allowed = decision.effect === "allow";
            const about = `${who} ${action} ${type} ${JSON.stringify(record)}`;
            assert.equal(user.can(action, type, record), allowed, about);
            assert.equal(same.can(action, type, record), allowed, about);
            compared++;
          }
        }
      }
    }
    assert.ok(compared > 100, `${compared} compared`);
  });
}

test("a handle of another policy counts by its name", () => {
  const [one, other] = ["a", "b"].map((key) => loadPolicy({ system: "latchgate", payloads: { combining: "additive", roles: [{ key: "r", grants: [{ permissions: [`${key}:read`] }] }], principals: [{ id: "u", type: "user", roles: ["r"] }] } }));
  other.permission("z:read");
  const handle = other.permission("a:read");
  assert.equal(one.principal("u").can(handle), true);
  assert.equal(other.principal("u").can(handle), false);
  assert.deepEqual(one.principal("u").canMany(other.permissions(["b:read", "a:read"])), [false, true]);
});

test("after the policy is freed, names that are new to it are asked in full", () => {
  const policy = loadPolicy(snapshots.get("native"));
  const user = policy.principal("ann");
  const expected = user.permissions();
  const known = user.can(expected[0]);
  policy.free();
  assert.equal(user.can(expected[0]), known);
  const plain = expected.filter((text) => !text.includes("*"));
  assert.ok(plain.length > 0);
  for (const permission of plain) assert.equal(user.can(permission), true, permission);
  user.free();
  assert.throws(() => user.can(expected[0]), { code: "ERR_FREED" });
  assert.throws(() => user.canMany([expected[0]]), { code: "ERR_FREED" });
  assert.throws(() => policy.permission("x"), { code: "ERR_FREED" });
});

test("after the policy is freed, a principal that is left decides about records as before", () => {
  const conditions = (owner) => ({ owner, status: "open" });
  const grant = (effect, owner) => ({ effect, permissions: ["doc:read"], conditions: conditions(owner) });
  const roles = [
    { key: "plain", grants: [grant("allow", "ann")] },
    { key: "all but bob's", grants: [{ permissions: ["doc:read"] }, grant("deny", "bob")] },
  ];
  const principals = [{ id: "first", type: "user", roles: ["plain"] }, { id: "second", type: "user", roles: ["plain"] }, { id: "third", type: "user", roles: ["all but bob's"] }];
  const policy = loadPolicy({ system: "latchgate", payloads: { combining: "deny-overrides", roles, principals } });
  const [first, ...rest] = principals.map(({ id }) => policy.principal(id));
  const [second, third] = rest;
  // The question has its number and one plan is made; the plans of the others are new when the policy is gone.
  const record = (owner) => ({ owner, status: "open" });
  assert.equal(first.can("read", "doc", record("ann")), true);
  policy.free();
  for (let round = 0; round < 2; round++) {
    for (const owner of ["ann", "bob", "carl", "open"]) {
      assert.equal(first.can("read", "doc", record(owner)), owner === "ann", `first, ${owner}`);
      assert.equal(second.can("read", "doc", record(owner)), owner === "ann", `second, ${owner}`);
      assert.equal(third.can("read", "doc", record(owner)), owner !== "bob", `third, ${owner}`);
      assert.equal(third.check("read", "doc", record(owner)).effect === "allow", owner !== "bob", `third, ${owner}, in full`);
    }
  }
});

test("more principals than plans may bring texts for are all answered rightly", () => {
  const grants = [{ permissions: ["doc:read"], conditions: { owner: "${principal.id}", status: "open" } }];
  const principals = Array.from({ length: 10_200 }, (_, at) => ({ id: `u${at}`, type: "user", roles: ["r"] }));
  const policy = loadPolicy({ system: "latchgate", payloads: { combining: "additive", roles: [{ key: "r", grants }], principals } });
  principals.forEach(({ id }, at) => {
    const user = policy.principal(id);
    const next = principals[(at + 1) % principals.length].id;
    for (const owner of [id, next, id]) {
      assert.equal(user.can("read", "doc", { owner, status: "open" }), owner === id, `${id}: ${owner}`);
      assert.equal(user.can("read", "doc", { owner, status: "closed" }), false, `${id}: ${owner}`);
    }
    user.free();
  });
});

test("an action that is new beside types that are known", () => {
  const grants = [{ permissions: ["a:read", "b:write"] }];
  const policy = loadPolicy({ system: "latchgate", payloads: { combining: "additive", roles: [{ key: "r", grants }], principals: [{ id: "u", type: "user", roles: ["r"] }] } });
  const user = policy.principal("u");
  assert.deepEqual([user.canAny("read", "a"), user.canAny("read", "b"), user.canAny("read", "c")], [true, false, false]);
  assert.deepEqual([user.canAny("new", "b"), user.canAny("newer", "c"), user.canAny("write", "b")], [false, false, true]);
  let compared = 0;
  // In an order in which actions and types meet for the first time in every way.
  for (let step = 0; step < 400; step++) {
    const action = ["read", "write", "x", "y", "z"][(step * 7 + (step >> 4)) % 5];
    const type = ["a", "b", "c", "d"][(step * 3 + (step >> 3)) % 4] + (step % 11 === 10 ? step : "");
    const allowed = (action === "read" && type === "a") || (action === "write" && type === "b");
    assert.equal(user.canAny(action, type), allowed, `${action} ${type}`);
    assert.equal(user.can(action, type, { any: 1 }), allowed, `${action} ${type}, a record`);
    compared++;
  }
  assert.equal(compared, 400);
});
