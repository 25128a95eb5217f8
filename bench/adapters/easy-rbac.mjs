// easy-rbac: permissions are names, conditions are functions; every answer is a promise.

import RBAC from "easy-rbac";
import { holds } from "../workloads/reference.mjs";

export default {
  name: "easy-rbac",
  package: "easy-rbac",
  isAsync: true,
  translate(document) {
    const roles = {};
    for (const [role, grants] of Object.entries(document.roles)) roles[role] = { can: grants.map(operation) };
    return { users: document.users, roles };
  },
  load({ users, roles }) {
    const rbac = new RBAC(roles);
    const rolesOf = new Map(Object.entries(users));
    return { check: (user, action, resource, record) => rbac.can(rolesOf.get(user), `${resource}:${action}`, record && { user, record }) };
  },
  browser: `export { default } from "easy-rbac";`,
};

function operation(grant) {
  const name = `${grant.r}:${grant.a}`;
  return grant.c ? { name, when: async ({ user, record }) => holds(grant.c, record, user) } : name;
}
