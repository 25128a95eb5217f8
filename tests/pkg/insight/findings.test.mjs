// Findings about whole snapshots: what they say is so, and their ways can be walked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, edit, findings, loadPolicy } from "latchgate/insight";
import { snapshots } from "./vectors.mjs";

const COMPANY = {
  system: "hantera",
  payloads: {
    roles: [
      { key: "hr:all", acl: { entries: [{ resource: "iam/roles", permission: "write" }] } },
      { key: "shop:all", acl: { entries: [{ resource: "shop", permission: "read" }] } },
      { key: "old:all", acl: { entries: [{ resource: "old", permission: "read" }] } },
    ],
    principals: [{ id: "p-hr", roles: ["hr:all"] }, { id: "p-shop", roles: ["shop:all"] }, { id: "p-new", roles: [] }],
  },
};

const codes = (found) => found.findings.map(({ code, path }) => `${code} ${path}`);

test("findings: what is odd, where, and what proves it", () => {
  const found = findings(COMPANY, { sod: [["shop:read", "old:read"]], edits: 0 });
  assert.deepEqual(codes(found), ["LINT_HOLDER_UNREACHABLE $.payloads.roles[2]", "LINT_NO_ACCESS $.payloads.principals[2]"]);
  assert.deepEqual({ edits: found.edits, complete: found.complete }, { edits: 0, complete: true });
  const [{ witness }] = found.findings;
  assert.deepEqual(witness, [{ kind: "role", id: "old:all", path: "$.payloads.roles[2]", message: "no principal has role `old:all`" }]);
  assert.deepEqual(findings(JSON.stringify(COMPANY), { edits: 0 }), findings(new TextEncoder().encode(JSON.stringify(COMPANY)), { edits: 0 }));
});

test("a way to more rights, walked with `edit`", () => {
  const climbs = findings(COMPANY).findings.filter(({ code }) => code === "LINT_ESCALATION");
  assert.ok(climbs.length > 0);
  for (const { witness } of climbs) {
    const [{ id }] = witness;
    assert.equal(id, "p-hr");
    const edited = edit(COMPANY, witness.filter(({ request }) => request).map(({ request }) => ({ actor: id, request })));
    assert.equal(edited.ok, true);
    const [before, after] = [COMPANY, edited.snapshot].map((source) => loadPolicy(source));
    for (const { id: permission } of witness.filter(({ kind }) => kind === "permission")) {
      assert.equal(before.principal(id).can(permission), false, permission);
      assert.equal(after.principal(id).can(permission), true, permission);
    }
    before.free();
    after.free();
  }
});

test("every recorded snapshot can be looked at", () => {
  let total = 0;
  for (const [name, text] of Object.entries(snapshots)) {
    const { findings: found } = findings(text);
    for (const { code, message, witness } of found) assert.ok(/^LINT_[A-Z_]+$/.test(code) && message.length > 20 && witness.length > 0, name);
    total += found.length;
  }
  assert.ok(total > 10, `${total}`);
});

test("what cannot be understood is refused", () => {
  const refused = (call, path) => assert.throws(call, (error) => error.code === "ERR_ARGUMENT" && (path === undefined || error.path === path));
  refused(() => findings(COMPANY, { sod: [["a"]] }), "$.sod[0]");
  refused(() => findings(COMPANY, { depth: 1 }), "$.depth");
  refused(() => findings(compile(COMPANY)));
  const circle = {};
  circle.context = circle;
  refused(() => findings(COMPANY, circle));
});
