// @cedar-policy/cedar-wasm with its policies parsed once and kept. One policy for each role, kind of resource and condition, with the
// actions as a list, after the pattern for roles in its documentation.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
let cedar;

export default {
  name: "cedar-wasm",
  package: "@cedar-policy/cedar-wasm",
  init: () => void (cedar ??= require("@cedar-policy/cedar-wasm/nodejs")),
  translate: (document) => ({ text: policiesOf(document), users: document.users }),
  load({ text, users }) {
    const parsed = cedar.preparsePolicySet("policies", { staticPolicies: text });
    if (parsed.type !== "success") throw new Error(JSON.stringify(parsed.errors).slice(0, 500));
    const entities = new Map(Object.entries(users).map(([id, roles]) => [id, { uid: { type: "User", id }, attrs: {}, parents: roles.map((role) => ({ type: "Role", id: role })) }]));
    const alone = new Map([...entities].map(([id, entity]) => [id, [entity]]));
    return {
      check(user, action, resource, record) {
        const request = {
          principal: { type: "User", id: user },
          action: { type: "Action", id: action },
          resource: { type: resource, id: record?.id ?? "-" },
          context: {},
          preparsedPolicySetId: "policies",
          entities: alone.get(user),
        };
        if (record !== undefined) {
          const { ownerId, ...attributes } = record;
          request.entities = [entities.get(user), { uid: request.resource, attrs: { ...attributes, ownerId: { __entity: { type: "User", id: ownerId } } }, parents: [] }];
        }
        return cedar.statefulIsAuthorized(request).response.decision === "allow";
      },
    };
  },
  browser: `import init, { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/web"; export { init, preparsePolicySet, statefulIsAuthorized };`,
  wasm: ["@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm"],
};

function policiesOf(document) {
  const policies = [];
  for (const [role, grants] of Object.entries(document.roles)) {
    for (const list of grouped(grants).values()) {
      const [{ r, c }] = list;
      const actions = list.some((grant) => grant.a === "*") ? "action" : actionsOf(list);
      policies.push(`permit(principal in Role::"${role}", ${actions}, ${r === "*" ? "resource" : `resource is ${r}`})${c ? ` when { ${textOf(c)} }` : ""};`);
    }
  }
  return policies.join("\n");
}

const actionsOf = (grants) => {
  const names = grants.map((grant) => `Action::"${grant.a}"`);
  return names.length === 1 ? `action == ${names[0]}` : `action in [${names.join(", ")}]`;
};

const keyOf = (grant) => `${grant.r}\0${grant.c ? textOf(grant.c) : ""}`;

function grouped(grants) {
  const groups = new Map();
  for (const grant of grants) groups.set(keyOf(grant), [...(groups.get(keyOf(grant)) ?? []), grant]);
  return groups;
}

function textOf(condition) {
  const parts = Object.entries(condition).flatMap(([field, wanted]) => {
    const value = `resource.${field}`;
    if (wanted === "$user.id") return [`${value} == principal`];
    if (typeof wanted !== "object") return [`${value} == ${JSON.stringify(wanted)}`];
    return [...(wanted.in ? [`${JSON.stringify(wanted.in)}.contains(${value})`] : []), ...(wanted.lt !== undefined ? [`${value} < ${wanted.lt}`] : [])];
  });
  return parts.join(" && ");
}
