// W1, W2, W3: a check, for an engine and CASL beside it.

import { adapterOf, engineOf, FAST } from "../adapters/registry.mjs";
import { verified } from "../lib/candidates.mjs";
import { floors } from "../lib/floors.mjs";
import { interleave } from "../lib/interleave.mjs";
import { workloads } from "../workloads/index.mjs";

export default async function measure({ workload: id, engines, withFloors, verifyLimit, timing }) {
  const workload = workloads[id]();
  const proposed = [];
  for (const name of engines) proposed.push(...(await candidatesOf(name, workload)));
  if (withFloors) proposed.push(...floors(workload));
  const { candidates, wrong, missing, asked } = await verified(proposed, verifyLimit);
  return { rows: await interleave(candidates, timing), wrong, missing, asked, checks: workload.checks.length };
}

/** In W1 the user is known once, in the others each check names one. */
async function candidatesOf(name, workload) {
  const adapter = await adapterOf(name);
  const engine = await engineOf(name, workload);
  engine.warm?.(Object.keys(workload.document.users));
  const { id, checks } = workload;
  const common = { ours: adapter.ours === true, isAsync: adapter.isAsync === true, slow: !FAST.includes(name) };
  const [{ u: user }] = checks;
  const session = id === "W1" && engine.session;
  const strings = session
    ? { ...common, name, call: engine.session(user), fields: ["a", "r", "o"], checks }
    : { ...common, name, call: engine.check, fields: ["u", "a", "r", "o"], checks };
  const forms = id === "W1" ? engine.sessionForms?.(user, checks) : id === "W2" ? engine.serverForms?.(checks) : undefined;
  return [strings, ...(forms ?? []).map((form) => ({ ...common, ...form }))];
}
