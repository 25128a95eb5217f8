// The whole decision with its reason, beside the plain check of the same engine.

import { engineOf } from "../adapters/registry.mjs";
import { verified } from "../lib/candidates.mjs";
import { interleave } from "../lib/interleave.mjs";
import { userInterface } from "../workloads/interface.mjs";

export default async function measure({ timing }) {
  const workload = userInterface();
  const { checks } = workload;
  const [{ u: user }] = checks;
  const casl = await engineOf("casl", workload);
  const latchgate = await engineOf("latchgate", workload);
  const byName = { fields: ["a", "r"], checks };
  const { candidates, wrong, missing } = await verified([
    { name: "casl", call: casl.session(user), ...byName },
    { ...byName, ...casl.explain(user, checks) },
    { name: "latchgate", ours: true, call: latchgate.session(user), ...byName },
    ...latchgate.sessionForms(user, checks).filter((form) => form.name === "latchgate, one string").map((form) => ({ ours: true, ...form })),
    { ours: true, ...latchgate.explain(user, checks) },
  ]);
  return { rows: await interleave(candidates, timing), wrong, missing };
}
