// `npm run mutants`: the engine with one deliberate mistake after the other, built natively in a copy, and asked what the oracles were
// asked. A mistake that no case catches is a failure. `npm run mutants -- WORD` takes only those whose name has the word.

import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureNpmPackages, ensureNpmPackagesOf } from "./lib/npm.mjs";
import { inRoot } from "./lib/paths.mjs";
import { ensureRust } from "./lib/rust.mjs";
import { attempt, Failure, run } from "./lib/run.mjs";

const SEED = 1;
const CASES = 3_000;
const CRATE = ["Cargo.toml", "Cargo.lock", "src", "benches", join("tests", "oracle", "replay.rs")];

await ensureNpmPackages();
await ensureNpmPackagesOf(inRoot("tests", "oracle", "casl6"));
await ensureRust();
const { record } = await import("../tests/oracle/record.mjs");
const { MUTANTS, mutated } = await import("../tests/oracle/mutants/index.mjs");

const folder = inRoot("build", "mutants");
const copy = join(folder, "crate");
const cases = join(folder, "cases.jsonl");
// Warnings about what a mistake leaves unused say nothing.
const env = { CARGO_TARGET_DIR: join(folder, "target"), CARGO_PROFILE_DEV_DEBUG: "0", RUSTFLAGS: "--cap-lints allow" };
const replay = join(env.CARGO_TARGET_DIR, "debug", "examples", process.platform === "win32" ? "replay.exe" : "replay");

rmSync(copy, { recursive: true, force: true });
for (const part of CRATE) {
  mkdirSync(dirname(join(copy, part)), { recursive: true });
  cpSync(inRoot(part), join(copy, part), { recursive: true });
}
console.log(`${record(cases, { seed: SEED, cases: CASES })} questions recorded`);
const clean = await answersAsRecorded();
if (!clean.asRecorded) throw new Failure(`without any mistake the core differs already:\n${clean.said}`);

const wanted = MUTANTS.filter(({ file, why }) => process.argv.slice(2).every((word) => `${file} ${why}`.includes(word)));
let caught = 0;
for (const mutant of wanted) {
  const place = join(copy, mutant.file);
  const before = mutated({ ...mutant, replace: mutant.find });
  writeFileSync(place, mutated(mutant));
  const { asRecorded, said } = await answersAsRecorded();
  writeFileSync(place, before);
  if (!asRecorded) caught++;
  console.log(`${asRecorded ? "NOT CAUGHT" : "caught    "}  ${mutant.why}${asRecorded ? `  (${mutant.file})` : `  (question ${/^(\d+) questions/m.exec(said)?.[1]})`}`);
}
console.log(`\n${caught} of ${wanted.length} caught`);
if (wanted.length === 0 || caught < wanted.length) process.exitCode = 1;

/** Whether the copy, built as it stands, answers as the oracles did. What cannot be built is a failure. */
async function answersAsRecorded() {
  await run("cargo", ["build", "--quiet", "--example", "replay"], { cwd: copy, env, quiet: true });
  const { code, output, complaints } = await attempt(replay, [cases], { quiet: true });
  // A crash is no difference.
  if (!/^\d+ questions asked/m.test(output)) throw new Failure(output + complaints);
  return { asRecorded: code === 0, said: output };
}
