// W2: what 1,000 users hold after all checks. One engine in a fresh process with --expose-gc.

import { adapterOf, engineOf } from "../adapters/registry.mjs";
import { difference, held, watchWasmMemory } from "../lib/memory.mjs";
import { backEnd } from "../workloads/back-end.mjs";

watchWasmMemory();

export default async function measure({ engine: name }) {
  const workload = backEnd();
  const engine = await engineOf(name, workload);
  const { ours } = await adapterOf(name);
  const users = Object.keys(workload.document.users);
  // One user's checks first, so that compiled code and what is made once do not count as that of users.
  const [{ u: first }] = workload.checks;
  for (const check of workload.checks) if (check.u === first) engine.check(check.u, check.a, check.r);
  const before = await held();
  let wrong = 0;
  for (const check of workload.checks) if (engine.check(check.u, check.a, check.r) !== check.e) wrong++;
  const used = difference(await held(), before);
  // Still in use: neither may be collected before it was measured.
  if (engine.check(users[0], "read", "order") === undefined) throw new Error("no answer");
  return { name, users: users.length, perUser: used.total / (users.length - 1), used, wrong: wrong === 0 ? [] : [{ name, ours: ours === true, wrong, asked: workload.checks.length }] };
}
