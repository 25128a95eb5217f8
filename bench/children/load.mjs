// W4: from the text or the bytes to the first decision. One loader in a fresh process, so the first pass is cold.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loaderOf } from "../adapters/loaders.mjs";

export default async function measure({ loader: name, size, folder }) {
  const loader = loaderOf(name);
  const workload = JSON.parse(readFileSync(join(folder, `${size}.checks.json`), "utf8"));
  const data = readFileSync(join(folder, `${size}.${loader.file}`), loader.text ? "utf8" : undefined);
  const [check] = workload.checks;
  const open = await loader.ready(workload);

  async function pass() {
    const began = performance.now();
    const ask = await open(data);
    const opened = performance.now();
    const answer = await ask(check);
    return { answer, load: opened - began, total: performance.now() - began };
  }

  const cold = await pass();
  const right = loader.unchecked || cold.answer === check.e;
  let warm = cold.total;
  // Slow ones are not asked again only for this.
  if (cold.total < 1000) for (let i = 0; i < 5; i++) warm = Math.min(warm, (await pass()).total);
  return { name, size, cold: cold.total, load: cold.load, warm, wrong: right ? [] : [{ name, ours: loader.ours === true, wrong: 1, asked: 1 }] };
}
