// The vector suite on the packed package in every runtime, on the full build and on the reader. Equal answers are not enough: all
// decisions, with their reasons, must be the same bytes everywhere; and so must what is compiled, there and natively.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resultOf, withBrowser } from "../lib/browser.mjs";
import { consumer } from "../lib/consumer.mjs";
import { inRoot } from "../lib/paths.mjs";
import { Failure, run } from "../lib/run.mjs";
import { bundleWorker, fetchFromWorker } from "../lib/workerd.mjs";

/** Asked only where they are named, and then they have to be there: `LATCHGATE_RUNTIMES=deno,bun,firefox,webkit`. */
const OTHERS = (process.env.LATCHGATE_RUNTIMES ?? "").split(",").filter(Boolean);
const BUILDS = { "": "", ", reader": "reader-", ", insight": "insight-" };
const program = (command, ...args) => (folder) =>
  Object.fromEntries(Object.entries(BUILDS).map(([build, prefix]) => [build, () => run(command, [...args, `${prefix || "node-"}esm.mjs`], { cwd: folder, quiet: true })]));
const pages = (browser) => (folder) =>
  Object.fromEntries(Object.entries(BUILDS).map(([build, prefix]) => [build, () => withBrowser((opened) => resultOf(opened, folder, `/browser.html${prefix && `?${prefix.slice(0, -1)}`}`), browser)]));
const FURTHER = { deno: program("deno", "run", "--allow-read", "--node-modules-dir=manual"), bun: program("bun"), firefox: pages("firefox"), webkit: pages("webkit") };

export async function testRuntimes({ browser }) {
  const folder = await consumer();
  const node = (...args) => () => run(process.execPath, args, { cwd: folder, quiet: true });
  const worker = (name) => async () => {
    await bundleWorker(join(folder, `${name}.mjs`), join(folder, name));
    return fetchFromWorker(join(folder, name));
  };
  const page = (path) => () => withBrowser((opened) => resultOf(opened, folder, path));
  const runtimes = { "Node, import": node("node-esm.mjs"), "Node, require": node("node-cjs.cjs"), workerd: worker("worker") };
  for (const form of ["bytes", "buffer", "module", "foreignModule", "instance", "response", "streamed"]) {
    runtimes[`Node, slim, ${form}`] = node("node-slim.mjs", form);
  }
  if (browser) runtimes.Chromium = page("/browser.html");

  // The reader is asked on what the full build has compiled in Node.
  const readers = { "Node, import": node("reader-esm.mjs"), "Node, require": node("reader-cjs.cjs"), workerd: worker("reader-worker") };
  for (const form of ["bytes", "instance", "streamed"]) readers[`Node, slim, ${form}`] = node("reader-slim.mjs", form);
  if (browser) readers.Chromium = page("/browser.html?reader");
  for (const [name, ask] of Object.entries(readers)) runtimes[`${name}, reader`] = ask;

  const insights = { "Node, import": node("insight-esm.mjs"), "Node, require": node("insight-cjs.cjs"), "Node, slim": node("insight-slim.mjs"), workerd: worker("insight-worker") };
  if (browser) insights.Chromium = page("/browser.html?insight");
  for (const [name, ask] of Object.entries(insights)) runtimes[`${name}, insight`] = ask;

  for (const name of OTHERS) {
    if (!(name in FURTHER)) throw new Failure(`LATCHGATE_RUNTIMES: there is no ${name}, there are ${Object.keys(FURTHER).join(", ")}`);
    for (const [build, ask] of Object.entries(FURTHER[name](folder))) runtimes[`${name}${build}`] = ask;
  }

  let passed = 0;
  let first;
  for (const [name, ask] of Object.entries(runtimes)) {
    const { ran, vectors, failures, decisions, compiled, digests: decided } = JSON.parse(await ask());
    if (failures.length > 0) {
      for (const failure of failures) console.log(`  ${failure}`);
      const error = new Failure(`${name}: ${failures.length} of ${ran} cases failed`);
      throw Object.assign(error, { passed: passed + Math.max(0, ran - failures.length), failed: failures.length });
    }
    if (!(vectors > 0)) throw new Failure(`${name}: no vector ran`);
    const hash = createHash("sha256").update(decisions).digest("hex");
    const hashes = compiled && Object.fromEntries(Object.entries(compiled).map(([key, digits]) => [key, createHash("sha256").update(Buffer.from(digits, "hex")).digest("hex")]));
    const digests = compare(name, hashes, "vectors-compiled.json") + compare(name, decided, "vectors-digests.json");
    const bytes = digests === 0 ? "" : `, ${digests} ${compiled ? "compiled files" : "digests"} as recorded`;
    console.log(`${name}: ${vectors} vectors and ${ran - vectors} other cases passed, decisions ${hash.slice(0, 16)}${bytes}`);
    first ??= { name, hash, decisions };
    if (hash !== first.hash) throw new Failure(`${name} and ${first.name} decide alike but not in the same bytes: ${difference(first.decisions, decisions)}`);
    passed += ran + digests;
  }
  return passed;
}

/** Hashes against those that tests/compiled_bytes.rs or tests/digests.rs checks natively; how many there are. */
function compare(name, found, file) {
  if (found === undefined) return 0;
  const recorded = JSON.parse(readFileSync(inRoot("tests", file), "utf8"));
  const missing = Object.keys(recorded).find((key) => !(key in found));
  if (missing !== undefined) throw new Failure(`${name}: ${missing} was not made`);
  const other = Object.keys(found).find((key) => found[key] !== recorded[key]);
  if (other !== undefined) throw new Failure(`${name}: ${other} is not what tests/${file} has`);
  return Object.keys(found).length;
}

function difference(a, b) {
  const [one, other] = [JSON.parse(a), JSON.parse(b)];
  const i = one.findIndex((decision, i) => JSON.stringify(decision) !== JSON.stringify(other[i]));
  return `${JSON.stringify(one[i])} and ${JSON.stringify(other[i])}`;
}
