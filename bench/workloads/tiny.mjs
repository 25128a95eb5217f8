// W5, the first decision of a fresh process: two roles, one user.

export const tiny = () => ({
  id: "W5",
  document: { version: 1, roles: { editor: [{ a: "read", r: "order" }, { a: "update", r: "order" }], admin: [{ a: "*", r: "*" }] }, users: { u1: ["editor"] } },
  resources: ["order", "invoice"],
  actions: ["read", "update", "delete"],
  checks: [{ u: "u1", a: "update", r: "order", o: undefined, e: true }, { u: "u1", a: "delete", r: "order", o: undefined, e: false }],
});
