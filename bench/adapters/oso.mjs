// oso: grants as facts of its rule language, conditions as bodies of rules.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

class User {
  constructor(id, roles) {
    this.id = id;
    this.roles = roles;
  }
}

export default {
  name: "oso",
  package: "oso",
  isAsync: true,
  init: () => void require("oso"),
  translate(document) {
    const conditional = Object.values(document.roles).some((grants) => grants.some((grant) => grant.c));
    const head = conditional
      ? "allow(user: User, action, record) if role in user.roles and grant(role, action, record.kind, user, record);"
      : "allow(user: User, action, resource) if role in user.roles and grant(role, action, resource);";
    const facts = Object.entries(document.roles).flatMap(([role, grants]) => grants.map((grant) => fact(role, grant, conditional)));
    return { conditional, text: [head, ...facts].join("\n"), users: document.users };
  },
  async load({ conditional, text, users }) {
    const { Oso } = require("oso");
    const oso = new Oso();
    oso.registerClass(User, { name: "User" });
    await oso.loadStr(text);
    const actors = new Map(Object.entries(users).map(([id, roles]) => [id, new User(id, roles)]));
    return { check: (user, action, resource, record) => oso.isAllowed(actors.get(user), action, conditional ? (record ?? { kind: resource }) : resource) };
  },
  browser: `export { Oso } from "oso";`,
  wasm: ["oso/dist/bundler/polar_wasm_api_bg.wasm"],
};

function fact(role, grant, conditional) {
  const name = (text) => (text === "*" ? "_" : JSON.stringify(text));
  const head = `grant(${JSON.stringify(role)}, ${name(grant.a)}, ${name(grant.r)}`;
  if (!conditional) return `${head});`;
  if (!grant.c) return `${head}, _, _);`;
  const body = Object.entries(grant.c).flatMap(([field, wanted]) => {
    if (wanted === "$user.id") return [`record.${field} = user.id`];
    if (typeof wanted !== "object") return [`record.${field} = ${JSON.stringify(wanted)}`];
    return [...(wanted.in ? [`record.${field} in ${JSON.stringify(wanted.in)}`] : []), ...(wanted.lt !== undefined ? [`record.${field} < ${wanted.lt}`] : [])];
  });
  // A parameter that the body does not use has to begin with an underscore.
  const user = body.some((part) => part.includes("user.id")) ? "user" : "_user";
  return `${head}, ${user}, record) if ${body.join(" and ")};`;
}
