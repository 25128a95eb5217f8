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

  let passed = 0;
  let first;
  for (const [name, ask] of Object.entries(runtimes)) {
    const { ran, vectors, failures, decisions, compiled } = JSON.parse(await ask());
    if (failures.length > 0) {
      for (const failure of failures) console.log(`  ${failure}`);
      const error = new Failure(`${name}: ${failures.length} of ${ran} cases failed`);
      throw Object.assign(error, { passed: passed + Math.max(0, ran - failures.length), failed: failures.length });
    }
    if (!(vectors > 0)) throw new Failure(`${name}: no vector ran`);
    const hash = createHash("sha256").update(decisions).digest("hex");
    const digests = compiled === undefined ? 0 : compareCompiled(name, compiled);
    const bytes = digests === 0 ? "" : `, ${digests} compiled files of the recorded bytes`;
    console.log(`${name}: ${vectors} vectors and ${ran - vectors} other cases passed, decisions ${hash.slice(0, 16)}${bytes}`);
    first ??= { name, hash, decisions };
    if (hash !== first.hash) throw new Failure(`${name} and ${first.name} decide alike but not in the same bytes: ${difference(first.decisions, decisions)}`);
    passed += ran + digests;
  }
  return passed;
}

/** What was compiled, as texts of hexadecimal digits, against the digests that tests/compiled_bytes.rs checks natively. */
function compareCompiled(name, compiled) {
  const recorded = JSON.parse(readFileSync(inRoot("tests", "vectors-compiled.json"), "utf8"));
  const names = Object.keys(compiled).sort();
  const missing = Object.keys(recorded).find((key) => !(key in compiled));
  if (missing !== undefined || names.length === 0) throw new Failure(`${name}: ${missing ?? "nothing"} was not compiled`);
  for (const key of names) {
    const digest = createHash("sha256").update(Buffer.from(compiled[key], "hex")).digest("hex");
    if (digest !== recorded[key]) throw new Failure(`${name}: the compiled bytes of ${key} are not those of tests/vectors-compiled.json`);
  }
  return names.length;
}

function difference(a, b) {
  const [one, other] = [JSON.parse(a), JSON.parse(b)];
  const i = one.findIndex((decision, i) => JSON.stringify(decision) !== JSON.stringify(other[i]));
  return `${JSON.stringify(one[i])} and ${JSON.stringify(other[i])}`;
}
