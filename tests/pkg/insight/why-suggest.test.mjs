// Why an answer is what it is, and what would turn it round.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "latchgate/insight";
import { snapshots, team } from "./vectors.mjs";

test("why: the decision is that of a check, on every recorded snapshot", () => {
  let asked = 0;
  for (const [name, text] of Object.entries(snapshots)) {
    const policy = loadPolicy(text);
    const ids = policy.list("principals").map((principal) => principal.id ?? principal.name ?? principal.key);
    const permissions = new Set(ids.flatMap((id) => policy.principal(id).list({ names: true }).permissions));
    for (const id of ids.slice(0, 6)) {
      const user = policy.principal(id);
      for (const permission of [...permissions].slice(0, 15)) {
        const { decision, grants, near, message } = user.why(permission);
        assert.deepEqual(decision, user.check(permission), `${name} ${id} ${permission}`);
        assert.ok(message.startsWith(decision.message));
        if (decision.effect === "allow") assert.ok(grants.some(({ decides }) => decides) && near.length === 0, `${name} ${id} ${permission}`);
        assert.ok(near.every(({ lacks }) => lacks.length > 0));
        asked++;
      }
    }
  }
  assert.ok(asked > 200, `only ${asked}`);
});

test("why: what is asked again is answered alike, cannot be changed, and ends with the principal", () => {
  const policy = loadPolicy(team());
  const [ann, bob] = ["ann", "bob"].map((id) => policy.principal(id));
  const first = ann.why("doc:delete");
  assert.deepEqual(first, policy.principal("ann").why("doc:delete"));
  assert.deepEqual(ann.why("doc:delete"), first);
  // The first answer is its owner's; what is given to several cannot be changed.
  first.near.push({ lacks: [] });
  assert.notDeepEqual(ann.why("doc:delete"), first);
  assert.throws(() => ann.why("doc:delete").near.push({}), TypeError);
  assert.throws(() => (ann.why("doc:delete").decision.effect = "allow"), TypeError);
  assert.notDeepEqual(bob.why("doc:write"), ann.why("doc:write"));
  ann.free();
  assert.throws(() => ann.why("doc:delete"), { code: "ERR_FREED" });
  assert.equal(bob.why("doc:delete").decision.effect, "deny");
});

test("why: each test of a condition says what it met", () => {
  const policy = loadPolicy(team());
  const why = policy.principal("ann").why({ action: "write", type: "doc", record: { owner: "bob" } });
  assert.equal(why.decision.effect, "deny");
  assert.deepEqual(why.near[0].tests, [{ path: "owner", operator: "$eq", expected: "ann", actual: "bob", holds: false }]);
  assert.deepEqual(why.near[0].lacks, [{ what: "condition" }]);
  assert.match(why.message, /nearest is `doc:write`, but its condition does not hold$/);
  const allowed = policy.principal("ann").why({ action: "write", type: "doc", record: { owner: "ann" } });
  assert.deepEqual(allowed.grants.map(({ via, decides }) => [via.at(-1).id, decides]), [["editor", true]]);
});

test("suggest: the smallest changes, each with what else comes of it", () => {
  const policy = loadPolicy(team());
  const { allowed, total, suggestions } = policy.principal("bob").suggest("doc:delete");
  assert.equal(allowed, false);
  assert.equal(suggestions.length, total);
  const steps = suggestions.map(({ steps }) => steps);
  assert.ok(steps.some(([step]) => step.change === "assign" && step.holder.id === "remover"));
  // To the role that both have: the other one gains it too.
  const shared = suggestions.find(({ steps: [step] }) => step.change === "grant" && step.holder.id === "reader");
  assert.deepEqual([shared.others, shared.effects.gained], [["ann"], 2]);
  for (const { effects } of suggestions) {
    const own = effects.groups.flatMap(({ changes }) => changes).filter(({ principal, permission }) => principal === "bob" && permission === "doc:delete");
    assert.deepEqual(own.map(({ kind }) => kind), ["gain"]);
  }
  const removal = policy.principal("bob").suggest("doc:read");
  assert.equal(removal.allowed, true);
  assert.ok(removal.suggestions.some(({ steps: [step] }) => step.change === "unassign" && step.holder.id === "reader"));
});

test("suggest: pages join to the whole", () => {
  const policy = loadPolicy(team());
  const bob = policy.principal("bob");
  const whole = bob.suggest("doc:delete").suggestions;
  assert.ok(whole.length > 1);
  const joined = [];
  let cursor;
  do {
    const page = bob.suggest("doc:delete", { limit: 1, cursor });
    joined.push(...page.suggestions);
    cursor = page.next;
  } while (cursor !== undefined);
  assert.deepEqual(joined, whole);
});

test("suggest: of nobody in the snapshot there is nothing to suggest", () => {
  const policy = loadPolicy(team());
  assert.throws(() => policy.principal("zoe").suggest("doc:read"), { name: "LatchgateError", code: "ERR_ARGUMENT", path: "$.principal" });
  assert.throws(() => policy.principal(["reader"]).suggest("doc:read"), { code: "ERR_ARGUMENT" });
});
