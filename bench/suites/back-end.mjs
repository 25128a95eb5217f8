// W2, a back end: checks, making a principal ready, and what 1,000 users hold.

import { checkJobs, checkSummary } from "./checks.mjs";
import { FAST } from "../adapters/registry.mjs";

export const title = "W2: 1,000 users in random order";

export function jobs(options) {
  const engines = options.engines.filter((name) => FAST.includes(name));
  return [
    ...checkJobs("W2", options),
    { label: "W2: making a principal ready", task: "ready", input: { engines, timing: options.timing } },
    ...engines.map((engine) => ({ label: `W2: memory of ${engine}`, task: "user-memory", input: { engine }, gc: true })),
  ];
}

export function summary(outcomes, plan) {
  const of = (task) => outcomes.filter((_, i) => plan[i].task === task);
  const [ready] = of("ready");
  const checks = checkSummary(of("checks"));
  const wrong = [...checks.wrong, ...(ready.wrong ?? []).map(({ name }) => name)];
  return { ...checks, wrong, ready: ready.rows ?? [], memory: of("user-memory").filter((outcome) => outcome.used) };
}
