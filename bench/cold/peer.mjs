// Any other engine, through its adapter.

import { engineOf } from "../adapters/registry.mjs";
import { tiny } from "../workloads/tiny.mjs";

export default async function decide(_bytes, name) {
  const workload = tiny();
  const engine = await engineOf(name, workload);
  return Promise.all(workload.checks.map(({ u, a, r }) => engine.check(u, a, r)));
}
