// What W1, W2 and W3 have in common: the fast engines in one process, each slow one beside CASL in its own.

import { FAST } from "../adapters/registry.mjs";

const LIMIT_MS = 900_000;

export function checkJobs(workload, { engines, timing, verifyLimit }, { withFloors = false } = {}) {
  const fast = engines.filter((name) => FAST.includes(name));
  const slow = engines.filter((name) => !FAST.includes(name));
  const job = (label, input) => ({ label: `${workload}: ${label}`, task: "checks", input: { workload, timing, verifyLimit, ...input }, limitMs: LIMIT_MS });
  return [job("fast engines", { engines: fast, withFloors }), ...slow.map((name) => job(name, { engines: ["casl", name] }))];
}

/** Every ratio is of one process; CASL's own row is that of the fast engines. */
export function checkSummary(outcomes) {
  const rows = outcomes.flatMap(({ rows: list = [] }, i) => (i === 0 ? list : list.filter((row) => row.name !== "casl")));
  const all = (key) => outcomes.flatMap((outcome) => outcome[key] ?? []);
  return {
    rows: rows.sort((a, b) => a.ns - b.ns),
    missing: all("missing"),
    wrong: all("wrong").map(({ name }) => name),
    asked: Object.assign({}, ...outcomes.map((outcome) => outcome.asked)),
    checks: outcomes[0]?.checks,
  };
}
