// The vector suite on the packed package in every runtime. Equal answers are not enough: all decisions, with their reasons,
// must be the same bytes everywhere.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { resultOf, withBrowser } from "../lib/browser.mjs";
import { consumer } from "../lib/consumer.mjs";
import { Failure, run } from "../lib/run.mjs";
import { bundleWorker, fetchFromWorker } from "../lib/workerd.mjs";

export async function testRuntimes({ browser }) {
  const folder = await consumer();
  const node = (...args) => () => run(process.execPath, args, { cwd: folder, quiet: true });
  const runtimes = {
    "Node, import": node("node-esm.mjs"),
    "Node, require": node("node-cjs.cjs"),
    workerd: async () => {
      await bundleWorker(join(folder, "worker.mjs"), join(folder, "worker"));
      return fetchFromWorker(join(folder, "worker"));
    },
  };
  for (const form of ["bytes", "buffer", "module", "foreignModule", "instance", "response", "streamed"]) {
    runtimes[`Node, slim, ${form}`] = node("node-slim.mjs", form);
  }
  if (browser) runtimes.Chromium = () => withBrowser((opened) => resultOf(opened, folder, "/browser.html"));

  let passed = 0;
  let first;
  for (const [name, ask] of Object.entries(runtimes)) {
    const { ran, vectors, failures, decisions } = JSON.parse(await ask());
    if (failures.length > 0) {
      for (const failure of failures) console.log(`  ${failure}`);
      const error = new Failure(`${name}: ${failures.length} of ${ran} cases failed`);
      throw Object.assign(error, { passed: passed + Math.max(0, ran - failures.length), failed: failures.length });
    }
    if (!(vectors > 0)) throw new Failure(`${name}: no vector ran`);
    const hash = createHash("sha256").update(decisions).digest("hex");
    console.log(`${name}: ${vectors} vectors and ${ran - vectors} other cases passed, decisions ${hash.slice(0, 16)}`);
    first ??= { name, hash, decisions };
    if (hash !== first.hash) throw new Failure(`${name} and ${first.name} decide alike but not in the same bytes: ${difference(first.decisions, decisions)}`);
    passed += ran;
  }
  return passed;
}

function difference(a, b) {
  const [one, other] = [JSON.parse(a), JSON.parse(b)];
  const i = one.findIndex((decision, i) => JSON.stringify(decision) !== JSON.stringify(other[i]));
  return `${JSON.stringify(one[i])} and ${JSON.stringify(other[i])}`;
}
