// More users of a back end who ask in random order (W2).

import { engineOf } from "../adapters/registry.mjs";
import { backEnd } from "../workloads/back-end.mjs";

export const axis = "users, asking in random order";

export const points = (quick) => (quick ? [10, 100, 1000] : [10, 30, 100, 300, 1000, 3000, 10_000]);

/** CASL's abilities of more users would not fit beside the others: 90 KB each. */
const MOST_FOR_CASL = 3000;

export async function at(count) {
  const workload = backEnd({ userCount: count });
  const { checks, document } = workload;
  const candidates = [];
  for (const name of ["casl", "hand:bits", "latchgate"]) {
    if (name === "casl" && count > MOST_FOR_CASL) continue;
    const engine = await engineOf(name, workload);
    engine.warm(Object.keys(document.users));
    candidates.push({ name, ours: name === "latchgate", call: engine.check, fields: ["u", "a", "r", "o"], checks });
  }
  return candidates;
}
