// W5: what a browser downloads. Each entry is bundled and minified; a WebAssembly file counts as a file of its own.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { adapterOf } from "../adapters/registry.mjs";
import { ourEntries } from "../lib/entries.mjs";

// A WebAssembly module in base64 begins so.
const INLINE = "AGFzbQ";
const here = fileURLToPath(new URL("..", import.meta.url));

export default async function measure({ engines }) {
  const rows = [];
  for (const { name, source, wasm } of ourEntries()) rows.push({ name, ...(await weigh(source, wasm)) });
  for (const name of engines) {
    const { browser, wasm = [] } = await adapterOf(name);
    if (browser) rows.push({ name, ...(await weigh(browser, wasm.map(inPackage))) });
  }
  return rows;
}

async function weigh(source, wasmFiles) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: here },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    plugins: [withoutNode],
    loader: { ".wasm": "empty" },
  });
  const [{ contents, text }] = outputFiles;
  // Some entries carry their WebAssembly in the JavaScript; nothing else is downloaded with them.
  const inlined = text.includes(INLINE);
  const js = sizesOf(Buffer.from(contents));
  const wasm = (inlined ? [] : wasmFiles).map((file) => sizesOf(readFileSync(file))).reduce(add, { raw: 0, gzip: 0, brotli: 0 });
  return { inlined, js, wasm, total: add(js, wasm) };
}

const sizesOf = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length,
});

const add = (a, b) => ({ raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli });

/** Some peers import modules of Node that a browser build replaces by nothing. */
const withoutNode = {
  name: "without-node",
  setup(bundler) {
    const modules = /^(node:)?(fs|path|readline|repl|util|os|crypto|vm|stream|events|url|http|https|tty|child_process|assert)$/;
    bundler.onResolve({ filter: modules }, ({ path }) => ({ path, namespace: "nothing" }));
    bundler.onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "module.exports = {};" }));
  },
};

// By path, because a package's exports need not name the file.
const inPackage = (path) => join(here, "node_modules", path);
