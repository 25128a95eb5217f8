// `npm run bench:instructions`: how many instructions the hot paths of the native core take, counted by callgrind. Unlike a time
// it hardly changes from run to run. Compared with the baseline in bench/instructions.json; `-- --bless` replaces that one.
// Every path runs twice, for different numbers of operations: what is done once, ahead, falls out of the difference.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { crate, inRoot } from "./lib/paths.mjs";
import { attempt, Failure, run } from "./lib/run.mjs";
import { ensureValgrind } from "./lib/valgrind.mjs";

const results = inRoot("bench", "results", "instructions.json");
const baseline = inRoot("bench", "instructions.json");

try {
  await ensureValgrind();
  const bench = await buildBench();
  const report = { when: new Date().toISOString().slice(0, 10), rustc: await rustc(), paths: {} };
  const before = existsSync(baseline) ? JSON.parse(readFileSync(baseline, "utf8")) : undefined;
  if (before !== undefined && before.rustc !== report.rustc) console.log(`the baseline was counted with another compiler: ${before.rustc}`);
  console.log(`${"hot path".padEnd(14)}${"instructions".padStart(16)}   change`);
  for (const { name, questions } of await hotPaths(bench)) {
    const count = await perOperation(bench, name, questions);
    report.paths[name] = count;
    console.log(`${name.padEnd(14)}${count.toLocaleString("en").padStart(16)}   ${change(before?.paths[name], count)}`);
  }
  write(results, report);
  if (process.argv.includes("--bless")) write(baseline, report);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Builds the benchmark and gives back where the program is. */
async function buildBench() {
  const output = await run("cargo", ["bench", "--bench", "core", "--no-run", "--message-format=json"], { cwd: crate, quiet: true });
  const messages = output.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const built = messages.find(({ reason, target, executable }) => reason === "compiler-artifact" && target.name === "core" && executable);
  if (built === undefined) throw new Failure("cargo built no benchmark named core");
  return built.executable;
}

async function hotPaths(bench) {
  const lines = (await run(bench, ["--list"], { quiet: true })).trim().split("\n");
  return lines.map((line) => line.split(" ")).map(([name, questions]) => ({ name, questions: Number(questions) }));
}

/** Once and three times round the inputs, so that every input counts alike. */
async function perOperation(bench, name, questions) {
  const [few, many] = [questions, questions * 3];
  const difference = (await instructions(bench, name, many)) - (await instructions(bench, name, few));
  return Math.round(difference / (many - few));
}

async function instructions(bench, name, count) {
  const args = ["--tool=callgrind", "--callgrind-out-file=/dev/null", bench, "--once", name, String(count)];
  const { code, complaints } = await attempt("valgrind", args, { quiet: true });
  const collected = /Collected\s*:\s*(\d+)/.exec(complaints)?.[1];
  if (code !== 0 || collected === undefined) throw new Failure(`callgrind could not run ${name}:\n${complaints}`);
  return Number(collected);
}

function change(before, now) {
  if (before === undefined) return "not in the baseline";
  const percent = ((now - before) / before) * 100;
  return `${percent >= 0 ? "+" : "−"}${Math.abs(percent).toFixed(1)} %`;
}

async function rustc() {
  return (await run("rustc", ["--version"], { cwd: crate, quiet: true })).trim();
}

function write(path, report) {
  mkdirSync(inRoot("bench", "results"), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}
