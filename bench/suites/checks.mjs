// What W1, W2 and W3 have in common: every engine has a process of its own, in which CASL is measured beside it. With more of them in
// one process CASL was found to be two to three times slower under conditions, to the advantage of everybody's ratio.

const LIMIT_MS = 900_000;

export function checkJobs(workload, { engines, timing, verifyLimit }, { withFloors = false } = {}) {
  const job = (label, input) => ({ label: `${workload}: ${label}`, task: "checks", input: { workload, timing, verifyLimit, ...input }, limitMs: LIMIT_MS });
  const others = engines.filter((name) => name !== "casl" && name !== "latchgate");
  return [
    job("latchgate", { engines: ["casl", "latchgate"] }),
    ...(withFloors ? [job("floors", { engines: ["casl"], withFloors })] : []),
    ...others.map((name) => job(name, { engines: ["casl", name] })),
  ];
}

/** Every ratio is of one process; CASL's own row is that beside latchgate. */
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
