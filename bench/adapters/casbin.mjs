// casbin, its synchronous form. Cheap comparisons come first and the role look-up last, as its documentation advises.

import { newEnforcer, newModelFromString, StringAdapter } from "casbin";

const model = ({ policy, resource, subject, condition }) => `
[request_definition]
r = sub, obj, act
[policy_definition]
p = ${policy}
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = (${resource} == p.obj || p.obj == '*') && (r.act == p.act || p.act == '*') && g(${subject}, p.sub)${condition}
`;
export const BY_NAME = model({ policy: "sub, obj, act", resource: "r.obj", subject: "r.sub", condition: "" });
const BY_RECORD = model({ policy: "sub, obj, act, cond", resource: "r.obj.kind", subject: "r.sub.id", condition: " && eval(p.cond)" });

export default {
  name: "casbin",
  package: "casbin",
  translate(document) {
    const conditional = Object.values(document.roles).some((grants) => grants.some((grant) => grant.c));
    const lines = [];
    for (const [role, grants] of Object.entries(document.roles)) {
      for (const grant of grants) lines.push(`p, ${role}, ${grant.r}, ${grant.a}${conditional ? `, ${textOf(grant.c)}` : ""}`);
    }
    for (const [user, roles] of Object.entries(document.users)) for (const role of roles) lines.push(`g, ${user}, ${role}`);
    return { conditional, text: lines.join("\n") };
  },
  async load({ conditional, text }) {
    const enforcer = await newEnforcer(newModelFromString(conditional ? BY_RECORD : BY_NAME), new StringAdapter(text));
    if (!conditional) return { check: (user, action, resource) => enforcer.enforceSync(user, resource, action) };
    const subjects = new Map();
    const subject = (id) => subjects.get(id) ?? subjects.set(id, { id }).get(id);
    return { check: (user, action, resource, record) => enforcer.enforceSync(subject(user), record ?? { kind: resource }, action) };
  },
  browser: `export { newEnforcer, newModelFromString, StringAdapter } from "casbin";`,
};

function textOf(condition) {
  if (!condition) return "true";
  const parts = Object.entries(condition).flatMap(([field, wanted]) => {
    const value = `r.obj.${field}`;
    if (wanted === "$user.id") return [`${value} == r.sub.id`];
    if (typeof wanted !== "object") return [`${value} == '${wanted}'`];
    return [...(wanted.in ? [`(${wanted.in.map((one) => `${value} == '${one}'`).join(" || ")})`] : []), ...(wanted.lt !== undefined ? [`${value} < ${wanted.lt}`] : [])];
  });
  return parts.join(" && ");
}
