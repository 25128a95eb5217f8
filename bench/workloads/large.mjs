// W4, load and growth: any number of grants in roles of at most 100, 100 users with three roles each.

import { makeRoles, mixedChecks } from "./generate.mjs";
import { ACTIONS, resourceNames } from "./names.mjs";
import { randomFrom } from "./random.mjs";

export function large(grants, { checkCount = 10 } = {}) {
  const random = randomFrom(44 + grants);
  const each = Math.min(100, grants / 5);
  const resources = resourceNames(Math.max(20, Math.round(grants / 20)));
  const roles = makeRoles(random, { roles: Math.round(grants / each), grants, resources, actions: ACTIONS, anyResource: 0.002, anyAction: 0.008 });
  const names = Object.keys(roles);
  const users = {};
  for (let i = 0; i < 100; i++) users[`user_${i}`] = random.sample(names, 3);
  const document = { version: 1, roles, users };
  return { id: "W4", document, resources, actions: ACTIONS, checks: mixedChecks(random, document, { users: ["user_7"], resources, actions: ACTIONS, count: checkCount }) };
}
