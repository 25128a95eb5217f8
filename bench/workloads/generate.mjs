// Roles and checks of the unconditional workloads.

import { literal } from "./names.mjs";
import { allows } from "./reference.mjs";

/** Roles as people define them: a resource, and one to four actions on it; now and then all actions, or all resources. */
export function makeRoles(random, { roles, grants, resources, actions, anyResource, anyAction }) {
  const each = Math.floor(grants / roles);
  const made = {};
  for (let i = 0; i < roles; i++) {
    const list = [];
    const seen = new Set();
    while (list.length < each) {
      const kind = random.next();
      let resource = random.pick(resources);
      let chosen;
      if (kind < anyResource) {
        resource = "*";
        chosen = [random.pick(actions)];
      } else if (kind < anyResource + anyAction) chosen = ["*"];
      else chosen = random.sample(actions, 1 + random.below(4));
      for (const action of chosen) {
        const key = `${resource}:${action}`;
        if (list.length >= each) break;
        if (seen.has(key)) continue;
        seen.add(key);
        list.push({ a: action, r: resource });
      }
    }
    made[`role_${i}`] = list;
  }
  return made;
}

/** Checks in random order, half of them allowed; `e` is the reference's answer. */
export function mixedChecks(random, document, { users, resources, actions, count }) {
  const actionNames = actions.map(literal);
  const resourceNames = resources.map(literal);
  const actionAt = new Map(actions.map((name, i) => [name, i]));
  const resourceAt = new Map(resources.map((name, i) => [name, i]));
  const left = { allow: count / 2, deny: count / 2 };
  const heldBy = new Map();
  const checks = [];
  for (let attempt = 1; checks.length < count; attempt++) {
    if (attempt > count * 2000) throw new Error("the workload has too few checks of one kind");
    const user = random.pick(users);
    let action = random.pick(actionNames);
    let resource = random.pick(resourceNames);
    // Every other attempt starts from a grant, or allowed checks would be rare.
    if (left.allow > 0 && attempt % 2 === 1) {
      if (!heldBy.has(user)) heldBy.set(user, document.users[user].flatMap((role) => document.roles[role]));
      const grant = random.pick(heldBy.get(user));
      if (grant.a !== "*") action = actionNames[actionAt.get(grant.a)];
      if (grant.r !== "*") resource = resourceNames[resourceAt.get(grant.r)];
    }
    const expected = allows(document, user, action, resource);
    const kind = expected ? "allow" : "deny";
    if (left[kind] <= 0) continue;
    left[kind]--;
    checks.push({ u: user, a: action, r: resource, o: undefined, e: expected });
  }
  return random.sample(checks, checks.length);
}
