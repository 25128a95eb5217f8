// The quick way (names by number, answers kept) and the full way (a question written out) are the same answers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadPolicy } from "latchgate";

const read = (path) => JSON.parse(readFileSync(new URL(`../vectors/${path}`, import.meta.url), "utf8"));
const { vectors } = read("decisions.json");
const asked = vectors.filter(({ ask }) => typeof ask.permission === "string");

test("asked once, asked again, asked in full: the same, for everybody in every snapshot", () => {
  let compared = 0;
  for (const name of new Set(asked.map(({ snapshot }) => snapshot))) {
    const policy = loadPolicy(read(`snapshots/${name}.json`));
    const permissions = [...new Set(asked.map(({ ask }) => ask.permission))];
    for (const { id } of policy.list("principals")) {
      const user = policy.principal(id);
      for (const permission of [...permissions, ...permissions]) {
        assert.equal(user.can(permission), user.check(permission).effect === "allow", `${name} ${id} ${permission}`);
        compared++;
      }
      user.free();
    }
    policy.free();
  }
  assert.ok(compared > 1_000, `only ${compared}`);
});

test("more names than are kept change no answer", () => {
  const policy = loadPolicy({ system: "hantera", payloads: { roles: [{ key: "r", acl: { entries: [{ resource: "a", permission: "read" }] } }], principals: [{ id: "u", roles: ["r"] }] } });
  const user = policy.principal("u");
  for (let round = 0; round < 2; round++) {
    for (let number = 0; number < 12_000; number++) {
      assert.equal(user.can(`a/${number}:read`), true);
      assert.equal(user.can(`b/${number}:read`), false);
    }
  }
  assert.equal(user.can("a:read"), true);
  assert.equal(user.can("a:write"), false);
  user.free();
  assert.throws(() => user.can("a:read"), { code: "ERR_FREED" });
  policy.free();
});

test("a name that is no well-formed text is never allowed", () => {
  const policy = loadPolicy({ system: "kura", payloads: { identities: [{ identity: { name: "u" }, permissionConfiguration: { permissions: [{ name: "a\ufffd" }] } }] } });
  const user = policy.principal("u");
  assert.equal(user.can("a\ufffd"), true);
  assert.equal(user.can("a\ud800"), false);
  assert.equal(user.check("a\ud800").effect, "error");
});
