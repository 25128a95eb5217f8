import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { run, scratch, SNAPSHOTS, snapshot } from "./run.mjs";

test("what a snapshot holds: system, tenant, counts, roles with grants, principals", async () => {
  const { code, stdout, stderr } = await run(["show", snapshot("hantera.main")]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.match(stdout, /^ {2}system +hantera$/m);
  assert.match(stdout, /^ {2}tenant +acme$/m);
  assert.match(stdout, /^ {2}holds +15 principals, 10 roles, \d+ grants, \d+ endpoints$/m);
  assert.match(stdout, /^Roles \(10\)$/m);
  assert.match(stdout, /^ {2}support:agent +3 grants/m);
  assert.match(stdout, /^ {2}store:manager +0 grants/m);
  assert.match(stdout, /^Principals \(15\)$/m);
  assert.match(stdout, /^ {2}p-owner +principal +everything through system:owner$/m);
  assert.match(stdout, /^ {2}p-agent +.*support:agent/m);
  assert.match(stdout, /and 5 more \(--all shows them\)/);
  assert.match(stdout, /^Warnings \(\d+\)$/m);
  const all = (await run(["show", "--all", snapshot("hantera.main")])).stdout;
  assert.match(all, /^ {2}p-suspended .*suspended/m);
  assert.doesNotMatch(all, /more \(--all/);
});

test("every recorded snapshot can be shown, as text and as JSON", async () => {
  const names = readdirSync(SNAPSHOTS);
  assert.ok(names.length >= 6);
  for (const name of names) {
    const text = await run(["show", `${SNAPSHOTS}/${name}`]);
    assert.equal(text.code, 0, name);
    assert.doesNotMatch(text.stdout, /undefined|\[object|NaN/, name);
    const json = await run(["show", "--json", `${SNAPSHOTS}/${name}`]);
    const { system, counts, roles, principals, warnings } = JSON.parse(json.stdout);
    assert.equal(typeof system, "string");
    assert.equal(principals.length, counts.principals, name);
    assert.equal(roles.length, counts.roles, name);
    assert.ok(Array.isArray(warnings));
  }
});

test("a snapshot that does not load: exit 2, one line", async (context) => {
  const file = scratch(context).write("bad.json", { system: "kura", payloads: [] });
  const { code, stdout, stderr } = await run(["show", file]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^error: .*bad\.json: ERR_\w+.*\$\.payloads.*\n$/);
});
