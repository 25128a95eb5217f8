// What tells two snapshots apart, what edits make of one, and the digest that says that two decide alike.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, edit, lint, loadPolicy } from "latchgate/insight";
import { snapshots, team } from "./vectors.mjs";

const request = (method, path, body) => ({ request: { method, path, ...(body !== undefined && { body }) } });

test("a snapshot does not differ from itself, on every recorded one", () => {
  for (const [name, text] of Object.entries(snapshots)) {
    const one = loadPolicy(text);
    const two = loadPolicy(text);
    assert.deepEqual(one.diff(two), { total: 0, gained: 0, lost: 0, changed: 0, complete: true, groups: [] }, name);
    assert.equal(one.digest(), two.digest(), name);
  }
});

test("diff: what one change does, under its cause", () => {
  const after = team();
  after.payloads.principals[1].roles.push("remover");
  const one = loadPolicy(team());
  const two = loadPolicy(after);
  const { groups, gained, lost } = one.diff(two);
  assert.deepEqual([gained, lost], [1, 0]);
  assert.deepEqual(groups.map(({ cause }) => cause), [{ kind: "assignment", principal: "bob", holder: { type: "role", id: "remover" }, change: "added" }]);
  assert.deepEqual(groups[0].changes, [{ principal: "bob", permission: "doc:delete", pattern: false, kind: "gain", before: "deny", after: "allow" }]);
  assert.deepEqual([two.diff(one).gained, two.diff(one).lost], [0, 1]);
  assert.notEqual(one.digest(), two.digest());
  assert.equal(one.principal("ann").digest(), two.principal("ann").digest());
  assert.notEqual(one.principal("bob").digest(), two.principal("bob").digest());
});

test("diff: changes for other records, and pages", () => {
  const after = team();
  after.payloads.roles[1].grants[0].conditions = { owner: "${principal.id}", open: true };
  after.payloads.roles[0].grants.push({ permissions: ["doc:list", "doc:print"] });
  const one = loadPolicy(team());
  const two = loadPolicy(after);
  const whole = one.diff(two);
  assert.deepEqual([whole.gained, whole.changed, whole.total], [4, 1, 5]);
  const changed = whole.groups.flatMap(({ changes }) => changes).find(({ kind }) => kind === "conditions");
  assert.deepEqual([changed.whenBefore.rules[0].conditions, changed.whenAfter.rules[0].conditions], [{ owner: "ann" }, { open: true, owner: "ann" }]);
  const joined = [];
  let cursor;
  do {
    const page = one.diff(two, { limit: 2, cursor });
    assert.deepEqual([page.total, page.gained], [whole.total, whole.gained]);
    for (const { cause, changes } of page.groups) joined.push(...changes.map((change) => ({ cause, change })));
    cursor = page.next;
  } while (cursor !== undefined);
  assert.deepEqual(joined, whole.groups.flatMap(({ cause, changes }) => changes.map((change) => ({ cause, change }))));
  const third = loadPolicy(after);
  const { next } = one.diff(two, { limit: 1 });
  assert.throws(() => third.diff(one, { cursor: next }), { code: "ERR_CURSOR_STALE" });
});

test("diff: two systems, or no policy at all", () => {
  const one = loadPolicy(team());
  const kura = loadPolicy(snapshots["kura.main"]);
  assert.throws(() => one.diff(kura), { name: "LatchgateError", code: "ERR_ARGUMENT" });
  for (const other of [undefined, {}, team()]) assert.throws(() => one.diff(other), { name: "LatchgateError", code: "ERR_ARGUMENT" });
});

test("digest: one principal alone; of claims and of nobody there is none", () => {
  const policy = loadPolicy(team());
  assert.match(policy.digest(), /^[0-9a-f]{64}$/);
  assert.match(policy.principal("ann").digest(), /^[0-9a-f]{64}$/);
  for (const who of ["zoe", null, ["reader"]]) assert.throws(() => policy.principal(who).digest(), { name: "LatchgateError", code: "ERR_ARGUMENT", path: "$.principal" });
});

test("edit: a new snapshot in the system's own shape, and the old one as it was", () => {
  const before = team();
  const text = JSON.stringify(before);
  const edited = edit(before, [request("PUT", "/principals/bob/roles/remover"), request("DELETE", "/roles/editor")]);
  assert.equal(edited.ok, true);
  assert.equal(JSON.stringify(before), text);
  assert.deepEqual(edited.edits.map(({ changed, actorChecked }) => [changed, actorChecked]), [[true, false], [true, false]]);
  const one = loadPolicy(before);
  const two = loadPolicy(edited.snapshot);
  assert.equal(two.principal("bob").can("doc:delete"), true);
  const { gained, lost } = one.diff(two);
  assert.deepEqual([gained, lost], [1, 1]);
  for (const form of [text, new TextEncoder().encode(text)]) assert.deepEqual(edit(form, [request("PUT", "/principals/bob/roles/remover"), request("DELETE", "/roles/editor")]), edited);
});

test("edit: a refusal says which edit, by which rule, and where", () => {
  const refused = edit(team(), [request("DELETE", "/roles/reader"), request("DELETE", "/roles/none")]);
  const { message, ...rest } = refused;
  assert.deepEqual(rest, { ok: false, index: 1, status: 404, code: "EDIT_NOT_FOUND", path: "$[1].request.path", rule: "NW6", actorChecked: false });
  assert.ok(message.length > 10);
});

test("edit: what is no edit, and what is no JSON snapshot", () => {
  const argument = { name: "LatchgateError", code: "ERR_ARGUMENT" };
  for (const edits of [undefined, null, 7, "edit", {}, [{}], { request: { method: "PUT" } }, { request: { method: "PUT", path: "/roles/r", body: NaN } }]) {
    assert.throws(() => edit(team(), edits), argument, JSON.stringify(edits));
  }
  assert.throws(() => edit(compile(team()), request("DELETE", "/roles/reader")), argument);
  assert.throws(() => edit("{", request("DELETE", "/roles/reader")), { name: "LatchgateError", code: "ERR_JSON" });
});

test("edits on every recorded snapshot: an empty list changes nothing", () => {
  for (const [name, text] of Object.entries(snapshots)) {
    const edited = edit(text, []);
    assert.equal(edited.ok, true, name);
    assert.deepEqual(JSON.parse(edited.snapshot), JSON.parse(text), name);
  }
});

test("lint and strict loading are here", () => {
  assert.ok(Array.isArray(lint(team())));
  assert.throws(() => loadPolicy(team(), { strict: "yes" }), { code: "ERR_ARGUMENT" });
});
