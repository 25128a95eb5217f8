// @rbac/rbac: asks one role at a time, with functions for conditions.

import { createRequire } from "node:module";
import { holds } from "../workloads/reference.mjs";

const require = createRequire(import.meta.url);

export default {
  name: "@rbac/rbac",
  package: "@rbac/rbac",
  isAsync: true,
  translate(document) {
    const roles = {};
    for (const [role, grants] of Object.entries(document.roles)) roles[role] = { can: grants.map(operation) };
    return { users: document.users, roles };
  },
  load({ users, roles }) {
    const loaded = require("@rbac/rbac");
    const rbac = (loaded.default ?? loaded)({ enableLogger: false, logger: () => {} })(roles);
    const rolesOf = new Map(Object.entries(users));
    return {
      async check(user, action, resource, record) {
        const name = `${resource}:${action}`;
        const given = record && { user, record };
        for (const role of rolesOf.get(user)) if (await rbac.can(role, name, given)) return true;
        return false;
      },
    };
  },
  browser: `export { default } from "@rbac/rbac";`,
};

function operation(grant) {
  const name = `${grant.r}:${grant.a}`;
  return grant.c ? { name, when: ({ user, record }, done) => done(null, holds(grant.c, record, user)) } : name;
}
