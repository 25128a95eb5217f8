// W4: what a loaded document holds. One loader in a fresh process with --expose-gc; the bytes that were read are not counted.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loaderOf } from "../adapters/loaders.mjs";
import { difference, held, watchWasmMemory } from "../lib/memory.mjs";

watchWasmMemory();

export default async function measure({ loader: name, size, folder }) {
  const loader = loaderOf(name);
  const read = (document, file) => readFileSync(join(folder, `${document}.${file}`), loader.text ? "utf8" : undefined);
  const workload = JSON.parse(readFileSync(join(folder, `${size}.checks.json`), "utf8"));
  const open = await loader.ready(workload);
  // A document of three grants first: the module, compiled code and their memory are there before.
  const small = await open(read("tiny", loader.file));
  await small({ u: "u1", a: "update", r: "order" });
  const data = read(size, loader.file);
  const before = await held();
  const ask = await open(data);
  await ask(workload.checks[0]);
  const used = difference(await held(), before);
  // Still in use: nothing of it may be collected before it was measured.
  if ((await ask(workload.checks[0])) === undefined) throw new Error("no answer");
  return { name, size, used, bytes: Buffer.byteLength(data) };
}
