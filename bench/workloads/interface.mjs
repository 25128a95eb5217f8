// W1, a user interface: one user with three of 20 roles, 200 grants with wildcards, 1,000 checks.

import { makeRoles, mixedChecks } from "./generate.mjs";
import { ACTIONS, resourceNames } from "./names.mjs";
import { randomFrom } from "./random.mjs";

export function userInterface() {
  const random = randomFrom(11);
  const resources = resourceNames(40);
  const actions = ACTIONS.slice(0, 8);
  const roles = makeRoles(random, { roles: 20, grants: 200, resources, actions, anyResource: 0.06, anyAction: 0.1 });
  const users = { alice: threeRoles(roles) };
  roles.role_19 = [{ a: "*", r: "*" }, ...roles.role_19.slice(1)];
  const document = { version: 1, roles, users };
  return { id: "W1", document, resources, actions, checks: mixedChecks(random, document, { users: ["alice"], resources, actions, count: 1000 }) };
}

/** One with a wildcard action, one with a wildcard resource, one without any. */
function threeRoles(roles) {
  const names = Object.keys(roles).slice(0, 19);
  const anyAction = names.find((name) => roles[name].some((grant) => grant.a === "*"));
  const anyResource = names.find((name) => name !== anyAction && roles[name].some((grant) => grant.r === "*"));
  const plain = names.find((name) => name !== anyAction && name !== anyResource && roles[name].every((grant) => grant.r !== "*" && grant.a !== "*"));
  return [anyAction, anyResource, plain];
}
