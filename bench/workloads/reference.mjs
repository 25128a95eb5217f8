// The naive evaluator that every engine has to agree with, on every check, before it is timed.
//
// A document of facts is `{ version: 1, roles: { name: [{ a: action, r: resource, c?: condition }] }, users: { name: [role] } }`;
// `*` stands for any action or resource. A condition holds when all its fields do: `"$user.id"` is the asking user, `{ in: […] }` and
// `{ lt: number }` compare, anything else must be equal.

export function allows(document, user, action, resource, record) {
  for (const role of document.users[user] ?? []) {
    for (const grant of document.roles[role] ?? []) {
      if ((grant.a === "*" || grant.a === action) && (grant.r === "*" || grant.r === resource) && holds(grant.c, record, user)) return true;
    }
  }
  return false;
}

export function holds(condition, record, user) {
  if (!condition) return true;
  if (!record) return false;
  return Object.entries(condition).every(([field, wanted]) => {
    const value = record[field];
    if (wanted === "$user.id") return value === user;
    if (typeof wanted !== "object") return value === wanted;
    return (!wanted.in || wanted.in.includes(value)) && (wanted.lt === undefined || value < wanted.lt);
  });
}
