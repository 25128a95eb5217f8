// W2, a back end: 1,000 users with about ten of 100 roles each, 2,000 grants, 20,000 checks in random order.

import { makeRoles, mixedChecks } from "./generate.mjs";
import { ACTIONS, resourceNames } from "./names.mjs";
import { randomFrom } from "./random.mjs";

export function backEnd({ userCount = 1000, checkCount = 20_000 } = {}) {
  const random = randomFrom(22);
  const resources = resourceNames(200);
  const roles = makeRoles(random, { roles: 100, grants: 2000, resources, actions: ACTIONS, anyResource: 0.005, anyAction: 0.01 });
  const names = Object.keys(roles);
  const users = {};
  for (let i = 0; i < userCount; i++) users[`user_${i}`] = random.sample(names, 8 + random.below(5));
  const document = { version: 1, roles, users };
  return { id: "W2", document, resources, actions: ACTIONS, checks: mixedChecks(random, document, { users: Object.keys(users), resources, actions: ACTIONS, count: checkCount }) };
}
