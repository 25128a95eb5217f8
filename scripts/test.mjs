// `npm test`: everything, in the order in which failures are cheapest. Works in a fresh clone; installs what is missing.
// Stops at the first failure. `npm test -- rust types` runs single steps; those that need the package need `build` and
// `package` before them at least once.

import { ensureChromium } from "./lib/chromium.mjs";
import { ensureNpmPackages } from "./lib/npm.mjs";
import { ensureLints, ensureRust, ensureWasmBindgen } from "./lib/rust.mjs";
import { inRoot } from "./lib/paths.mjs";
import { Failure, run } from "./lib/run.mjs";
import { testConsumers } from "./test/consumers.mjs";
import { testLint } from "./test/lint.mjs";
import { testMemory } from "./test/memory.mjs";
import { testNode } from "./test/node.mjs";
import { testOracle } from "./test/oracle.mjs";
import { testPackage } from "./test/package.mjs";
import { testRuntimes } from "./test/runtimes.mjs";
import { testRust, testWasm } from "./test/rust.mjs";
import { testTypes } from "./test/types.mjs";

/** Name, heading, and work that gives the number of cases that passed. */
const STEPS = [
  ["locks", "Lock files: check sums, no hosts, none left behind", () => testNode("locks")],
  ["lint", "JavaScript and TypeScript: the linter", testLint],
  ["documents", "The documents: rules, links, figures", () => testNode("documents")],
  ["rust", "The crate: format, lints, tests, documentation", testRust],
  ["wasm", "The crate in WebAssembly: Node and Chromium", testWasm],
  ["build", "Build of the package", build],
  ["package", "The packed package from outside: files, publint, arethetypeswrong", testPackage],
  ["runtimes", "The vectors in every runtime", testRuntimes],
  ["consumers", "Programs that install the package", testConsumers],
  ["types", "Types", testTypes],
  ["memory", "Memory", testMemory],
  ["pkg", "The JavaScript side of the package", () => testNode("pkg")],
  ["casl", "latchgate/casl beside CASL 7.0.1", () => testNode("casl")],
  ["insight", "latchgate/insight: questions about whole snapshots, edits, findings", () => testNode("pkg/insight")],
  ["oracle", "The core beside CASL 7.0.1 and 6.7.3", testOracle],
  ["filter", "List filters: beside CASL, on SQLite, PostgreSQL and MongoDB's queries", () => testNode("filter")],
  ["schema", "The JSON Schema of native snapshots", () => testNode("schema")],
  ["bench", "What the benchmark asks and says; nothing is timed", () => testNode("bench")],
  ["cli", "The command line", () => testNode("cli")],
  ["examples", "The examples", () => testNode("examples", { exclusive: true })],
  ["www", "The demo page", ({ browser }) => (browser ? testNode("www", { exclusive: true }) : 0)],
];

async function build() {
  await run(process.execPath, [inRoot("scripts", "build.mjs")]);
  await run(process.execPath, [inRoot("scripts", "size.mjs")]);
  return 0;
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !STEPS.some(([known]) => known === name));
let passed = 0;
let failed = 0;
try {
  if (unknown !== undefined) throw new Failure(`there is no step ${unknown}: ${STEPS.map(([name]) => name).join(", ")}`);
  heading("Tools: what is missing is installed");
  await ensureNpmPackages();
  await ensureRust();
  await ensureLints();
  await ensureWasmBindgen();
  const tools = { browser: await ensureChromium() };
  for (const [name, title, work] of STEPS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    heading(`${name}: ${title}`);
    const began = Date.now();
    const cases = await work(tools);
    passed += cases;
    console.log(`${name}: ${cases === 0 ? "done" : `${cases} passed`} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
} catch (error) {
  failed = error.failed ?? 1;
  passed += error.passed ?? 0;
  console.error(`\n${error instanceof Failure ? error.message : error.stack}`);
  process.exitCode = 1;
}
console.log(`\n${passed} passed, ${failed} failed`);

function heading(text) {
  console.log(`\n── ${text} ${"─".repeat(Math.max(3, 100 - text.length))}`);
}
