// What the package weighs, file by file: on disk, and compressed as a server would send it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { dist } from "./lib/paths.mjs";

const rows = readdirSync(dist)
  .filter((name) => /\.(wasm|js|cjs)$/.test(name))
  .sort()
  .map((name) => {
    const bytes = readFileSync(join(dist, name));
    return [name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
  });

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10);
console.log(`${"file".padEnd(16)}${"raw".padStart(10)}${"gzip -9".padStart(10)}${"brotli".padStart(10)}`);
for (const [name, ...sizes] of rows) console.log(`${name.padEnd(16)}${sizes.map(kilobytes).join("")}`);
