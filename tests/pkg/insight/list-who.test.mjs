// What somebody can do and who can do something are what single questions say, on every recorded snapshot.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, loadPolicy } from "latchgate/insight";
import { snapshots, team } from "./vectors.mjs";

const everybody = (policy) => policy.list("principals").map((principal) => principal.id ?? principal.name ?? principal.key);

for (const [name, text] of Object.entries(snapshots)) {
  test(`${name}: each line that is no pattern is allowed, and its principal is among those who can`, () => {
    const policy = loadPolicy(text);
    let lines = 0;
    for (const id of everybody(policy)) {
      const user = policy.principal(id);
      const { entries, total, next } = user.list();
      assert.equal(entries.length, total);
      assert.equal(next, undefined);
      assert.deepEqual(user.list({ names: true }).permissions, entries.map(({ permission }) => permission));
      for (const { permission, pattern, held } of entries) {
        assert.ok(held.length > 0, permission);
        if (pattern) continue;
        lines++;
        const { effect } = user.check(permission);
        assert.equal(effect, "allow", `${id}: ${permission}`);
        assert.ok(policy.who(permission, { names: true }).ids.includes(user.id), `${id}: ${permission}`);
      }
    }
    assert.ok(lines > 0);
  });

  test(`${name}: who is asked about is answered as each of them is`, () => {
    const policy = loadPolicy(text);
    const asked = new Set(everybody(policy).flatMap((id) => policy.principal(id).list({ names: true }).permissions));
    let answers = 0;
    for (const permission of [...asked].slice(0, 40)) {
      const { principals, total } = policy.who(permission);
      assert.equal(principals.length, total);
      const ids = new Set(principals.map(({ id }) => id));
      for (const id of everybody(policy)) {
        const user = policy.principal(id);
        assert.equal(ids.has(user.id), user.can(permission), `${id}: ${permission}`);
        answers++;
      }
      assert.ok(principals.every(({ held }) => held.length > 0));
    }
    assert.ok(answers > 0);
  });

  test(`${name}: pages join to the whole`, () => {
    const policy = loadPolicy(text);
    for (const id of everybody(policy).slice(0, 5)) {
      const user = policy.principal(id);
      const whole = user.list().entries;
      const joined = [];
      let cursor;
      do {
        const page = user.list({ limit: 2, cursor });
        assert.equal(page.total, whole.length);
        joined.push(...page.entries);
        cursor = page.next;
      } while (cursor !== undefined);
      assert.deepEqual(joined, whole);
    }
  });
}

test("conditions stand with what they are on, the principal's own values filled in", () => {
  const policy = loadPolicy(team());
  const write = policy.principal("ann").list().entries.find(({ permission }) => permission === "doc:write");
  assert.deepEqual(write.when.rules.map(({ effect, conditions }) => [effect, conditions]), [["allow", { owner: "ann" }]]);
  const { principals } = policy.who({ action: "write", type: "doc" });
  assert.deepEqual(principals.map(({ id }) => id), ["ann"]);
  assert.deepEqual(principals[0].when.rules[0].conditions, { owner: "ann" });
  assert.deepEqual(policy.who({ action: "write", type: "doc", record: { owner: "bob" } }), { total: 0, principals: [] });
  assert.deepEqual(policy.who({ action: "write", type: "doc", record: { owner: "ann" } }, { names: true }), { total: 1, ids: ["ann"] });
});

test("who can do it with a record reads of it what a check reads, as JavaScript has it", () => {
  const date = new Date("2026-01-02T03:04:05Z");
  class Row {
    get a() {
      return date;
    }
  }
  const rules = [
    [{ a: date.getTime() }, { a: date }, true],
    [{ a: date.toISOString() }, { a: date }, false],
    [{ a: { $gt: 0 } }, new Row(), true],
    [{ a: { $lt: 0 } }, { a: Number.NaN }, true],
    [{ a: { $gt: 1 } }, { a: Number.POSITIVE_INFINITY }, true],
    [{ a: { $exists: true } }, { a: undefined }, true],
    [{ "a.b": "x" }, { a: { b: "x", get c() { return assert.fail("looked at"); } } }, true],
  ];
  for (const [conditions, record, expected] of rules) {
    const policy = loadPolicy({ system: "casl", payloads: { ann: [{ action: "read", subject: "doc", conditions }], bob: [{ action: "read", subject: "doc", conditions: { z: 1 } }] } });
    const can = policy.principal("ann").can("read", "doc", record);
    assert.equal(can, expected, JSON.stringify(conditions));
    for (let turn = 0; turn < 2; turn++) assert.deepEqual(policy.who({ action: "read", type: "doc", record }, { names: true }).ids, can ? ["ann"] : [], JSON.stringify(conditions));
    assert.deepEqual(policy.who({ action: "read", type: "doc", record }, { context: {} }).principals.map(({ id }) => id), can ? ["ann"] : []);
  }
});

test("answers by name are the same in pages, in a context, and for tokens", () => {
  let compared = 0;
  for (const [name, text] of Object.entries(snapshots)) {
    const policy = loadPolicy(text);
    for (const id of everybody(policy)) {
      const user = policy.principal(id);
      const whole = user.list({ names: true });
      const paged = user.list({ names: true, limit: 100_000 });
      assert.deepEqual(whole, paged, `${name} ${id}`);
      assert.deepEqual(user.list({ names: true }), whole);
      assert.deepEqual(policy.principal(id, {}).list({ names: true }), whole);
      for (const permission of whole.permissions.slice(0, 3)) {
        const ids = policy.who(permission, { names: true });
        assert.deepEqual(ids, policy.who(permission, { names: true, limit: 100_000 }), `${name} ${permission}`);
        assert.deepEqual(ids, policy.who(policy.permission(permission), { names: true, context: {} }), `${name} ${permission}`);
        compared++;
      }
    }
  }
  assert.ok(compared > 100, `only ${compared}`);
  const policy = loadPolicy(team());
  assert.deepEqual(policy.who({ action: "write", type: "doc" }, { names: true }), policy.who({ action: "write", type: "doc" }, { names: true, limit: 9 }));
  assert.deepEqual(policy.principal({ id: "x", roles: ["remover"] }).list({ names: true }).permissions, ["doc:delete"]);
  // A token's list and a session's have lines of their own.
  const emporix = loadPolicy({ system: "emporix", tenant: "acme", payloads: { accessControls: [], groups: [], users: [] } });
  assert.deepEqual(emporix.principal({ scope: "order.order_read" }).list({ names: true }).permissions, ["order.order_read"]);
  assert.deepEqual(policy.principal("ann", { sessionScopes: ["doc:read"] }).list({ names: true }).permissions, ["doc:read"]);
});

test("rows outlive the policy and growing memory", () => {
  const policy = loadPolicy(team());
  const user = policy.principal("ann");
  assert.deepEqual(user.list({ names: true }).permissions, ["doc:read", "doc:write"]);
  const grants = Array.from({ length: 20_000 }, (_, at) => ({ permissions: [`thing_${at}:read`] }));
  const large = loadPolicy({ system: "latchgate", payloads: { combining: "additive", roles: [{ key: "r", grants }], principals: [{ id: "p", roles: ["r"] }] } });
  assert.equal(large.principal("p").list({ names: true }).total, 20_000);
  policy.free();
  assert.deepEqual(user.list({ names: true }).permissions, ["doc:read", "doc:write"]);
  user.free();
  assert.throws(() => user.list({ names: true }), { code: "ERR_FREED" });
  assert.throws(() => policy.who("doc:read", { names: true }), { code: "ERR_FREED" });
});

test("resources: the caller's records that are allowed, themselves", () => {
  const policy = loadPolicy(team());
  const records = [{ owner: "ann" }, { owner: "bob" }, { owner: "ann", id: "d-1" }];
  const { records: mine } = policy.principal("ann").resources("write", "doc", records);
  assert.deepEqual(mine, [records[0], records[2]]);
  assert.equal(mine[0], records[0]);
  assert.deepEqual(policy.principal("bob").resources("write", "doc", records).records, []);
});

test("a cursor of another version of the snapshot is stale, of another question or none at all an argument", () => {
  const policy = loadPolicy(team());
  const { next } = policy.who("doc:read", { limit: 1 });
  assert.equal(policy.who("doc:read", { limit: 1, cursor: next }).principals[0].id, "bob");
  const other = team();
  other.payloads.principals.push({ id: "cid", roles: [] });
  const later = loadPolicy(other);
  const refused = (code) => ({ name: "LatchgateError", code, path: "$.cursor" });
  assert.throws(() => later.who("doc:read", { cursor: next }), refused("ERR_CURSOR_STALE"));
  assert.throws(() => policy.who("doc:write", { cursor: next }), refused("ERR_ARGUMENT"));
  assert.throws(() => policy.who("doc:read", { cursor: "tomorrow" }), refused("ERR_ARGUMENT"));
  for (const limit of [0, -1, 1.5, "2"]) assert.throws(() => policy.who("doc:read", { limit }), { code: "ERR_ARGUMENT", path: "$.limit" });
});

test("nobody of that id: nothing, with the reason", () => {
  const policy = loadPolicy(team());
  const { entries, refusal } = policy.principal("zoe").list();
  assert.deepEqual([entries, refusal], [[], "unknown_principal"]);
});

test("what makes no sense is refused by code, and what is freed too", () => {
  const policy = loadPolicy(team());
  const user = policy.principal("ann");
  const argument = { name: "LatchgateError", code: "ERR_ARGUMENT" };
  for (const asked of [undefined, null, 7, {}, { action: "read" }, { action: "read", type: "doc", record: "d-1" }, { kind: "route" }]) {
    assert.throws(() => policy.who(asked), argument, JSON.stringify(asked));
    assert.throws(() => user.why(asked), argument, JSON.stringify(asked));
    assert.throws(() => user.suggest(asked), argument, JSON.stringify(asked));
  }
  assert.throws(() => user.resources("read", "doc", "all"), argument);
  assert.throws(() => policy.who("doc:read", { context: { now: "noon" } }), argument);
  user.free();
  policy.free();
  const freed = { name: "LatchgateError", code: "ERR_FREED" };
  for (const call of [() => user.list(), () => user.why("doc:read"), () => user.suggest("doc:read"), () => user.digest(), () => policy.who("doc:read"), () => policy.digest()]) {
    assert.throws(call, freed);
  }
});

test("what is compiled answers as what it was compiled from", () => {
  for (const text of Object.values(snapshots)) {
    const policy = loadPolicy(text);
    const again = loadPolicy(compile(text));
    const [id] = everybody(policy);
    assert.deepEqual(again.principal(id).list(), policy.principal(id).list());
    assert.equal(again.digest(), policy.digest());
  }
});

test("contexts do not mix", () => {
  const policy = loadPolicy(team());
  const roles = ["remover"];
  for (let round = 0; round < 3; round++) {
    assert.deepEqual(policy.who("doc:delete", { names: true }).ids, []);
    assert.deepEqual(policy.who("doc:delete", { names: true, context: { roles } }).ids, ["ann", "bob"]);
    assert.deepEqual(policy.principal("bob", { roles }).list({ names: true }).permissions, ["doc:delete", "doc:read"]);
    assert.deepEqual(policy.principal("bob").list({ names: true }).permissions, ["doc:read"]);
  }
});
