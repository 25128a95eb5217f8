// More grants in the snapshot; the one user who asks has three roles of at most 100 grants all the while.

import { engineOf } from "../adapters/registry.mjs";
import { large } from "../workloads/large.mjs";

export const axis = "grants in the snapshot";

export const points = (quick) => (quick ? [100, 1000, 10_000] : [100, 1000, 10_000, 100_000, 1_000_000]);

export async function at(size) {
  const workload = large(size, { checkCount: 1000 });
  const { checks } = workload;
  const [{ u: user }] = checks;
  const casl = await engineOf("casl", workload);
  const latchgate = await engineOf("latchgate", workload);
  return [
    { name: "casl", call: casl.session(user), fields: ["a", "r", "o"], checks },
    { name: "latchgate", ours: true, call: latchgate.session(user), fields: ["a", "r", "o"], checks },
    // A batch is one check of the whole screen; it has no place on an axis of single checks.
    ...latchgate.sessionForms(user, checks).filter((form) => form.name !== "latchgate, batch").map((form) => ({ ours: true, ...form })),
  ];
}
