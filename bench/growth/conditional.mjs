// Shared by the two curves about conditions: one user, one grant, records of which half fail in the last attribute that is compared.

import { engineOf } from "../adapters/registry.mjs";
import { literal } from "../workloads/names.mjs";
import { allows } from "../workloads/reference.mjs";

const RECORDS = 500;

export async function conditionalCandidates({ compared, fields }) {
  const names = Array.from({ length: fields }, (_, i) => literal(`field_${i}`));
  const condition = Object.fromEntries(names.slice(0, compared).map((name, i) => [name, `value_${i}`]));
  const document = { version: 1, roles: { clerk: [{ a: "update", r: "order", c: condition }] }, users: { alice: ["clerk"] } };
  const workload = { document, resources: [literal("order")], actions: [literal("update")] };
  const checks = Array.from({ length: RECORDS }, (_, n) => {
    const record = { kind: "order", ...Object.fromEntries(names.map((name, i) => [name, `value_${i}`])) };
    if (n % 2 === 1) record[names[compared - 1]] = "another";
    return { u: "alice", a: workload.actions[0], r: workload.resources[0], o: record, e: allows(document, "alice", "update", "order", record) };
  });
  const candidates = [];
  for (const name of ["casl", "hand:bits", "latchgate"]) {
    const engine = await engineOf(name, workload);
    candidates.push({ name, ours: name === "latchgate", call: engine.check, fields: ["u", "a", "r", "o"], checks });
  }
  return candidates;
}
