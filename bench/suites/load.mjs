// W4: from what lies in a file to the first decision, each time in a fresh process; and what is held afterwards.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { FAST } from "../adapters/registry.mjs";
import { loaderNames } from "../adapters/loaders.mjs";
import { hasEntry } from "../lib/entries.mjs";
import { cache } from "../lib/paths.mjs";
import { median, spread } from "../lib/statistics.mjs";

export const title = "W4: loading";

const isSlow = (name) => name === "accesscontrol" || !(FAST.includes(name) || name === "JSON.parse" || name.startsWith("latchgate") || name.startsWith("casl"));

/** Said of what the built package cannot do yet, when the documents are there. */
const canLoad = (name, size) => (!name.startsWith("latchgate/") || hasEntry(name.split(",")[0])) && (!name.includes("compiled") || existsSync(join(cache, `${size}.compiled`)));

export function jobs({ engines, quick, loadSizes, loadRuns }) {
  const loaders = loaderNames.filter((name) => name === "JSON.parse" || name.includes(",") || engines.includes(name)).filter((name) => !(quick && isSlow(name)));
  const plan = [{ label: "W4: documents", task: "prepare", input: { sizes: loadSizes, folder: cache } }];
  for (const size of loadSizes) {
    for (let run = 0; run < loadRuns; run++) {
      // In rotating order; slow ones once.
      const turn = loaders.map((_, k) => loaders[(k + run) % loaders.length]).filter((name) => run === 0 || !isSlow(name));
      for (const loader of turn) plan.push({ label: `W4: ${loader}, ${size} grants`, task: "load", input: { loader, size, folder: cache, run }, heapMb: 6000, limitMs: 120_000, skip: () => !canLoad(loader, size) });
    }
  }
  const most = Math.max(...loadSizes);
  for (const loader of loaders.filter((name) => !isSlow(name))) plan.push({ label: `W4: memory, ${loader}`, task: "load-memory", input: { loader, size: most, folder: cache }, gc: true, skip: () => !canLoad(loader, most) });
  return plan;
}

export function summary(outcomes, plan) {
  const runs = outcomes.filter((outcome, i) => plan[i].task === "load" && outcome.cold).map((outcome, i) => ({ ...outcome, i }));
  const sizes = [...new Set(runs.map((run) => run.size))];
  const loads = sizes.flatMap((size) => {
    const ofSize = runs.filter((run) => run.size === size);
    const parse = ofSize.filter((run) => run.name === "JSON.parse").map((run) => run.cold);
    return [...new Set(ofSize.map((run) => run.name))].map((name) => {
      const own = ofSize.filter((run) => run.name === name);
      const { median: cold, p25, p75 } = spread(own.map((run) => run.cold));
      // Round by round where both have as many rounds.
      const ratio = own.length === parse.length ? median(own.map((run, i) => run.cold / parse[i])) : cold / median(parse);
      return { name, size, cold, p25, p75, load: median(own.map((run) => run.load)), warm: median(own.map((run) => run.warm)), runs: own.length, toParse: ratio };
    });
  });
  const [documents] = outcomes;
  return { bytes: documents.bytes ?? {}, compiles: documents.compiles === true, loads, memory: outcomes.filter((outcome, i) => plan[i].task === "load-memory" && outcome.used) };
}
