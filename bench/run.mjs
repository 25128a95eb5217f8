// The benchmark itself. Started by scripts/bench.mjs, which sees to it that everything is installed and built.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { machine, versions } from "./lib/machine.mjs";
import { readOptions, USAGE, UsageError } from "./lib/options.mjs";
import { plots, results } from "./lib/paths.mjs";
import { runSuites } from "./lib/plan.mjs";
import { report } from "./report/document.mjs";
import { writePages } from "./report/pages.mjs";
import { writePlots } from "./report/plots.mjs";

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else process.exitCode = await main(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function main(options) {
  const began = Date.now();
  const loadBefore = os.loadavg()[0];
  const { measured, problems, seconds } = await runSuites(options);
  const native = nativeRows();
  if (native) measured.native = native;
  const run = { when: new Date(began).toISOString(), seconds, loadBefore, quick: options.quick, complete: options.complete, machine: machine(), versions: await versions(options.engines), timing: options.timing, measured, problems };
  save(run);
  console.log(report(run));
  for (const { ours, job, text } of problems) console.error(`\n${ours ? "FAILED" : "a peer failed"}: ${job}: ${text}`);
  if (loadBefore > os.cpus().length / 2) console.error(`\nThe machine was busy (load ${loadBefore.toFixed(1)}) before the run began: repeat it on a quiet one before you quote it.`);
  console.error(`\n${Math.round((Date.now() - began) / 1000)} s: ${Object.entries(seconds).map(([id, spent]) => `${id} ${spent}`).join(", ")}`);
  return problems.some((problem) => problem.ours) ? 1 : 0;

  function save(run) {
    mkdirSync(results, { recursive: true });
    // What the documents quote comes from complete runs only; others must not take their place.
    writeFileSync(join(results, options.complete ? "latest.json" : "partial.json"), `${JSON.stringify(run, undefined, 1)}\n`);
    if (measured.growth) writePlots(measured.growth, options.complete ? plots : join(results, "plots"));
    if (options.writePages) writePages(run);
  }
}

/** Rows of the native benchmark, when it has been run: `cargo bench --manifest-path bench/native/Cargo.toml`. */
function nativeRows() {
  const file = join(results, "native.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
