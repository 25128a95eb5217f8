// W2: making one principal ready, anew each time; with and without its first check.

import { adapterOf, engineOf } from "../adapters/registry.mjs";
import { verified } from "../lib/candidates.mjs";
import { interleave } from "../lib/interleave.mjs";
import { backEnd } from "../workloads/back-end.mjs";

export default async function measure({ engines, timing }) {
  const workload = backEnd();
  const firsts = new Map();
  for (const check of workload.checks) if (!firsts.has(check.u)) firsts.set(check.u, check);
  const checks = [...firsts.values()];
  const proposed = [];
  for (const name of engines) {
    const { ours } = await adapterOf(name);
    const engine = await engineOf(name, workload);
    for (const candidate of engine.ready ?? []) proposed.push({ ours, fields: ["u", "a", "r"], checks, ...candidate });
  }
  const { candidates, wrong } = await verified(proposed);
  return { rows: await interleave(candidates, timing), wrong };
}
