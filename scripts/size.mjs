// What the package weighs, as a browser would download it: each entry's JavaScript and its WebAssembly as a file beside it, on disk and
// compressed. Ends with an error where an entry has grown beyond its budget.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { dist } from "./lib/paths.mjs";

/** Kilobytes (1,000 bytes, as in the benchmark's table) after gzip: what the product aims at, and what a build may weigh today. The
 * second goes down; it went up when conditions came to compare exactly as CASL does, and when an ability for each request came to cost no
 * more than CASL's (latchgate/casl), and when records, requests, claims, ids and contexts came to be read so that nothing fails open, and no
 * input takes time out of proportion. */
const ENTRIES = [
  { entry: "latchgate", files: ["slim.js", "core.wasm"], aim: 70, budget: 239 },
  { entry: "latchgate/reader", files: ["reader.slim.js", "reader.wasm"], aim: 15, budget: 85 },
  { entry: "latchgate/insight", files: ["insight.slim.js", "insight.wasm"], aim: 200, budget: 449 },
  // Beside it comes @ucast/mongo2js, as with CASL: 4 KB.
  { entry: "latchgate/casl", files: ["casl.edge-light.js", "casl.wasm"], aim: 20, budget: 47.2 },
];
/** The same with the WebAssembly inside as base64, for runtimes that load no files. */
const INLINE = ["inline", "reader.inline", "insight.inline", "casl.inline"].flatMap((name) => [`${name}.js`, `${name}.cjs`]);

const bytesOf = (name) => readFileSync(join(dist, name));
const weigh = (bytes) => [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
const sum = (all) => all.reduce((total, one) => total.map((size, column) => size + one[column]));
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(10);
const line = (name, sizes, note = "") => console.log(`${name.padEnd(20)}${sizes.map(kilobytes).join("")}${note}`);

console.log(`${"".padEnd(20)}${"raw".padStart(10)}${"gzip -9".padStart(10)}${"brotli".padStart(10)}`);
let over = 0;
for (const { entry, files, aim, budget } of ENTRIES) {
  const sizes = files.map((name) => weigh(bytesOf(name)));
  files.forEach((name, index) => line(`  ${name}`, sizes[index]));
  const total = sum(sizes);
  const fits = total[1] <= budget * 1000;
  if (!fits) over++;
  line(entry, total, `   ${fits ? "within" : "OVER"} the budget of ${budget} KB gzip; the aim is ${aim} KB`);
}
for (const name of INLINE) line(`  ${name}`, weigh(bytesOf(name)));
if (over > 0) {
  console.error(`${over} of the package's entries weigh more than their budget: see scripts/size.mjs`);
  process.exitCode = 1;
}
