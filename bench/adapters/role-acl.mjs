// role-acl: a list of grants, with functions for conditions; its synchronous form.

import { createRequire } from "node:module";
import { holds } from "../workloads/reference.mjs";

const require = createRequire(import.meta.url);

export default {
  name: "role-acl",
  package: "role-acl",
  translate(document) {
    const grants = Object.entries(document.roles).flatMap(([role, list]) => list.map((grant) => entry(role, grant)));
    return { users: document.users, grants };
  },
  load({ users, grants }) {
    const loaded = require("role-acl");
    const control = new (loaded.AccessControl ?? loaded)(grants);
    const rolesOf = new Map(Object.entries(users));
    return {
      check(user, action, resource, record) {
        const query = record === undefined ? control.can(rolesOf.get(user)) : control.can(rolesOf.get(user)).context({ user, record });
        return query.execute(action).sync().on(resource).granted;
      },
    };
  },
  browser: `export { AccessControl } from "role-acl";`,
};

const entry = (role, grant) => ({
  role,
  action: grant.a,
  resource: grant.r,
  attributes: ["*"],
  ...(grant.c && { condition: ({ user, record }) => holds(grant.c, record, user) }),
});
