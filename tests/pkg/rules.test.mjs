// Rules of docs/rules that no recorded vector names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "latchgate/insight";

const archiver = (...policies) => loadPolicy({ system: "open-archiver", payloads: { roles: [{ id: "r", name: "r", policies }], users: [{ id: "u", email: "u@acme.test", role: { id: "r", name: "r", policies } }] } }).principal("u");

test("A13: the single actions do not add up to manage", () => {
  const single = archiver({ action: ["create", "read", "update", "delete", "search", "export"], subject: "archive" });
  assert.equal(single.canAny("delete", "archive"), true);
  assert.equal(single.canAny("manage", "archive"), false);
  assert.equal(archiver({ action: "manage", subject: "archive" }).canAny("manage", "archive"), true);
});

test("A18: a search shows what read or search opens", () => {
  const user = archiver({ action: "search", subject: "archive", conditions: { userEmail: "a@acme.test" } }, { action: "read", subject: "archive", conditions: { userEmail: "b@acme.test" } });
  const shown = (actions) => ["a@acme.test", "b@acme.test", "c@acme.test"].map((userEmail) => user.filter(actions, "archive").test({ userEmail }));
  assert.deepEqual(shown(["read", "search"]), [true, true, false]);
  assert.deepEqual(shown("read"), [false, true, false]);
});

test("E20: a manager's access control has no scope of a viewer's", () => {
  const permissions = [{ id: "p-read", code: "read", applicableResources: ["r"] }, { id: "p-manage", code: "manage", applicableResources: ["r"] }];
  const roles = [{ id: "viewer", permissions: [{ id: "p-read" }] }, { id: "manager", permissions: [{ id: "p-manage" }] }];
  const policy = loadPolicy({
    system: "emporix",
    tenant: "acme",
    payloads: {
      permissions,
      roles,
      resources: [{ id: "r", code: "iam.group" }],
      accessControls: [{ id: "ac", roleId: "manager", resourceId: "r" }],
      groups: [{ id: "g", userType: "EMPLOYEE", accessControls: ["ac"] }],
      users: [{ id: "u", groupIds: ["g"] }],
    },
  });
  assert.deepEqual(policy.principal("u").permissions(), ["iam.group_manage"]);
});
