// W5: what a browser downloads, and a fresh process up to its first decision.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { hasEntry } from "../lib/entries.mjs";
import { cache } from "../lib/paths.mjs";
import { median, spread } from "../lib/statistics.mjs";

export const title = "W5: download and first decision";

const canStart = ({ name, data }) => (!name.startsWith("latchgate/") || hasEntry(name.split(",")[0])) && (data === undefined || existsSync(data));

export function jobs({ engines, coldRuns, quick }) {
  const peers = engines.filter((name) => !["casl", "latchgate", "hand:bits"].includes(name));
  const programs = [
    { name: "casl", program: "casl" },
    { name: "latchgate", program: "latchgate", data: join(cache, "tiny.snapshot.json") },
    { name: "latchgate, compiled", program: "latchgate", data: join(cache, "tiny.compiled") },
    { name: "latchgate/reader, compiled", program: "latchgate-reader", data: join(cache, "tiny.compiled") },
    ...peers.map((name) => ({ name, program: "peer" })),
  ];
  const plan = [{ label: "W5: documents", task: "prepare", input: { sizes: [], folder: cache } }];
  // The first run only fills the caches of the file system.
  for (let run = 0; run <= coldRuns; run++) {
    for (let k = 0; k < programs.length; k++) {
      const program = programs[(k + run) % programs.length];
      plan.push({ label: `W5: start of ${program.name}`, task: "cold", input: { ...program, run }, skip: () => !canStart(program) });
    }
  }
  // Compressing megabytes of WebAssembly takes its time.
  plan.push({ label: "W5: sizes", task: "sizes", input: { engines: quick ? ["casl"] : engines } });
  return plan;
}

export function summary(outcomes, plan) {
  const runs = plan.map((job, i) => ({ ...job.input, ...outcomes[i], task: job.task })).filter((run) => run.task === "cold" && run.run > 0 && run.own);
  const cold = [...new Set(runs.map((run) => run.name))].map((name) => {
    const own = runs.filter((run) => run.name === name);
    const { median: ms, p25, p75 } = spread(own.map((run) => run.own));
    const ratios = own.map(({ own: mine, run }) => mine / runs.find((other) => other.name === "casl" && other.run === run).own);
    return { name, ms, p25, p75, cpu: median(own.map((run) => run.cpu)), ratio: median(ratios), runs: own.length };
  });
  const sizes = outcomes[plan.findIndex((job) => job.task === "sizes")];
  return { cold: cold.sort((a, b) => a.ms - b.ms), sizes: Array.isArray(sizes) ? sizes : [] };
}
