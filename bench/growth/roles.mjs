// More roles of one principal, 20 grants each.

import { engineOf } from "../adapters/registry.mjs";
import { makeRoles, mixedChecks } from "../workloads/generate.mjs";
import { ACTIONS, resourceNames } from "../workloads/names.mjs";
import { randomFrom } from "../workloads/random.mjs";

export const axis = "roles of the principal (20 grants each)";

export const points = (quick) => (quick ? [1, 10, 100] : [1, 3, 10, 30, 100, 300, 1000]);

export async function at(count) {
  const random = randomFrom(55 + count);
  // Enough resources that most questions stay denied with a thousand roles.
  const resources = resourceNames(4000);
  const roles = makeRoles(random, { roles: count, grants: 20 * count, resources, actions: ACTIONS, anyResource: 0, anyAction: 0.008 });
  const workload = { document: { version: 1, roles, users: { alice: Object.keys(roles) } }, resources, actions: ACTIONS };
  const checks = mixedChecks(random, workload.document, { users: ["alice"], resources, actions: ACTIONS, count: 1000 });
  const casl = await engineOf("casl", workload);
  const latchgate = await engineOf("latchgate", workload);
  return [
    { name: "casl", call: casl.session("alice"), fields: ["a", "r", "o"], checks },
    { name: "latchgate", ours: true, call: latchgate.session("alice"), fields: ["a", "r", "o"], checks },
  ];
}
