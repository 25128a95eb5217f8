// W3, conditions: grants that hang on attributes of the record. Only checks that a condition decides are asked.

import { literal, resourceNames } from "./names.mjs";
import { randomFrom } from "./random.mjs";
import { allows } from "./reference.mjs";

const STATUSES = ["draft", "open", "submitted", "closed", "cancelled"];
const PAIRS = [["customer", "clerk"], ["customer", "manager"], ["clerk", "manager"], ["customer", "auditor"]];

export function conditional() {
  const random = randomFrom(33);
  const resources = resourceNames(10);
  const users = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`user_${i}`, PAIRS[i % 4]]));
  const document = { version: 1, roles: rolesOver(resources), users };
  return { id: "W3", document, resources, actions: ["read", "update", "cancel", "approve"], checks: checksOf(random, document, resources) };
}

function rolesOver(resources) {
  const own = { ownerId: "$user.id" };
  const roles = { customer: [], clerk: [], manager: [], auditor: [] };
  for (const r of resources) {
    roles.customer.push({ a: "read", r, c: own }, { a: "update", r, c: own }, { a: "cancel", r, c: own });
    roles.clerk.push({ a: "read", r }, { a: "update", r, c: { status: { in: ["draft", "open"] }, total: { lt: 1000 } } });
    roles.manager.push({ a: "update", r, c: { total: { lt: 10000 } } }, { a: "approve", r, c: { status: { in: ["submitted"] } } });
    roles.auditor.push({ a: "read", r });
  }
  return roles;
}

function checksOf(random, document, resources) {
  const users = Object.keys(document.users);
  const left = { allow: 1000, deny: 1000 };
  const checks = [];
  while (checks.length < 2000) {
    const user = random.pick(users);
    const action = random.pick(["update", "update", "cancel", "approve", "read"]);
    const resource = random.pick(resources);
    const record = {
      kind: resource,
      id: `id_${random.below(1e6)}`,
      ownerId: random.next() < 0.35 ? user : random.pick(users),
      status: random.pick(STATUSES),
      total: random.below(15000) < 3000 ? random.below(1000) : random.below(20000),
      region: random.pick(["eu", "us", "ap"]),
      version: random.below(9),
    };
    const about = document.users[user].flatMap((role) => document.roles[role]).filter((grant) => grant.a === action && grant.r === resource);
    if (about.length === 0 || about.some((grant) => !grant.c)) continue;
    const expected = allows(document, user, action, resource, record);
    const kind = expected ? "allow" : "deny";
    if (left[kind] <= 0) continue;
    left[kind]--;
    checks.push({ u: literal(user), a: literal(action), r: literal(resource), o: record, e: expected });
  }
  return checks;
}
