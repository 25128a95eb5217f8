// accesscontrol: knows no wildcard for actions or resources, so these are spelled out over all names.

import { AccessControl } from "accesscontrol";

export default {
  name: "accesscontrol",
  package: "accesscontrol",
  translate(document, { resources }) {
    const all = Object.values(document.roles).flat();
    const actions = [...new Set(all.map((grant) => grant.a))].filter((name) => name !== "*");
    const grants = {};
    for (const [role, list] of Object.entries(document.roles)) {
      const byResource = (grants[role] = {});
      for (const grant of list) {
        for (const resource of grant.r === "*" ? resources : [grant.r]) {
          for (const action of grant.a === "*" ? actions : [grant.a]) {
            const entry = { attributes: ["*"], possession: "any", ...(grant.c && { condition: conditionOf(grant.c) }) };
            ((byResource[resource] ??= {})[action] ??= []).push(entry);
          }
        }
      }
    }
    return { users: document.users, grants };
  },
  load({ users, grants }) {
    const control = new AccessControl(grants);
    const rolesOf = new Map(Object.entries(users));
    const ask = (roles, user, action, resource, record) =>
      (record === undefined ? control.can(roles) : control.can(roles, { user: { id: user }, record })).do(action, resource).granted;
    return {
      check: (user, action, resource, record) => ask(rolesOf.get(user), user, action, resource, record),
      session(user) {
        const roles = rolesOf.get(user);
        return (action, resource, record) => ask(roles, user, action, resource, record);
      },
    };
  },
  browser: `export { AccessControl } from "accesscontrol";`,
};

function conditionOf(condition) {
  const and = Object.entries(condition).flatMap(([field, wanted]) => {
    const path = `$.record.${field}`;
    if (wanted === "$user.id") return [[path, "==", "$.user.id"]];
    if (typeof wanted !== "object") return [[path, "==", wanted]];
    return [...(wanted.in ? [[path, "in", wanted.in]] : []), ...(wanted.lt !== undefined ? [[path, "<", wanted.lt]] : [])];
  });
  return and.length === 1 ? and[0] : { and };
}
