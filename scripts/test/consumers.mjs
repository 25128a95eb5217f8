// Every consumer of tests/packaging: built the way its tool does it by default, run where it belongs, answers compared.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { resultOf, withBrowser } from "../lib/browser.mjs";
import { consumer } from "../lib/consumer.mjs";
import { inRoot } from "../lib/paths.mjs";
import { Failure, run } from "../lib/run.mjs";
import { bundleWorker, fetchFromWorker } from "../lib/workerd.mjs";

const EXPECTED = '{"allow":true,"deny":false,"refused":true}';

/** Programs of a folder, by what they import; where only one is named, there is no other. */
const ALL = { main: "core.wasm", casl: "casl.wasm", insight: "insight.wasm" };
const MAIN = { main: ALL.main };

export async function testConsumers({ browser: hasBrowser }) {
  const folder = await consumer();
  const known = { ...HERE, ...IN_BROWSER };
  for (const { name } of readdirSync(inRoot("tests", "packaging"), { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    if (!(name in known)) throw new Failure(`nobody runs tests/packaging/${name}`);
    const programs = readdirSync(inRoot("tests", "packaging", name)).filter((file) => file.endsWith(".js"));
    const left = programs.find((file) => !(file.slice(0, -3) in known[name].programs));
    if (left !== undefined) throw new Failure(`nobody runs tests/packaging/${name}/${left}`);
  }

  let passed = 0;
  const each = async (consumers, answerOf) => {
    for (const [name, { programs, work }] of Object.entries(consumers)) {
      for (const [program, wasm] of Object.entries(programs)) {
        const got = (await answerOf(work, join(folder, name), program, wasm)).trim();
        if (got !== EXPECTED) throw new Failure(`${name}, ${program}.js: expected ${EXPECTED}, got ${got}`);
        console.log(`${name}, ${program}.js: built and answered`);
        passed++;
      }
    }
  };
  await each(HERE, (work, ...args) => work(...args));
  if (hasBrowser) await withBrowser((browser) => each(IN_BROWSER, async (work, ...args) => resultOf(browser, ...(await work(...args)))));
  return passed;
}

const HERE = {
  "node-esm": { programs: ALL, work: inNode },
  "node-cjs": { programs: ALL, work: inNode },
  "node-reader": { programs: MAIN, work: inNode },
  workerd: { programs: ALL, work: inWorkerd },
  "edge-light": { programs: ALL, work: inEdgeLight },
};

/** Each gives the folder of its page, and the page's path where it is not the index. */
const IN_BROWSER = {
  vite: { programs: ALL, work: viteBuild },
  "vite-slim": { programs: MAIN, work: viteBuild },
  "vite-reader": { programs: MAIN, work: viteBuild },
  webpack: { programs: ALL, work: webpackBuild },
  "webpack-slim": { programs: MAIN, work: webpackBuild },
  esbuild: { programs: ALL, work: esbuildBuild },
  "esbuild-reader": { programs: MAIN, work: esbuildBuild },
  rollup: { programs: ALL, work: rollupBuild },
};

function inNode(folder, program) {
  return run(process.execPath, [`${program}.js`], { cwd: folder, quiet: true });
}

async function inWorkerd(folder, program) {
  const out = join(folder, `dist-${program}`);
  // An old worker: at this date there is no FinalizationRegistry yet.
  await bundleWorker(join(folder, `${program}.js`), out, { compatibilityDate: "2023-01-01" });
  return fetchFromWorker(out);
}

async function viteBuild(folder, program) {
  const { build } = await import("vite");
  const page = program === "main" ? "index.html" : `${program}.html`;
  const outDir = join(folder, `dist-${program}`);
  await build({ root: folder, configFile: false, logLevel: "warn", build: { outDir, rolldownOptions: { input: join(folder, page) } } });
  return [outDir, `/${page}`];
}

async function esbuildBuild(folder, program) {
  const { build } = await import("esbuild");
  const out = join(folder, `dist-${program}`);
  await build({ entryPoints: [join(folder, `${program}.js`)], outfile: join(out, "main.js"), bundle: true, minify: true, format: "esm", logLevel: "warning" });
  return [page(out, "module")];
}

async function rollupBuild(folder, program) {
  const [{ rollup }, { nodeResolve }] = await Promise.all([import("rollup"), import("@rollup/plugin-node-resolve")]);
  const bundle = await rollup({ input: join(folder, `${program}.js`), plugins: [nodeResolve()] });
  const out = join(folder, `dist-${program}`);
  await bundle.write({ file: join(out, "main.js"), format: "es" });
  return [page(out, "module")];
}

async function webpackBuild(folder, program) {
  const webpack = createRequire(import.meta.url)("webpack");
  const path = join(folder, `dist-${program}`);
  const stats = await new Promise((resolve, reject) => {
    webpack({ context: folder, mode: "production", entry: `./${program}.js`, output: { path } }, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
  if (stats.hasErrors()) throw new Failure(stats.toString({ all: false, errors: true }));
  return [page(path, "text/javascript")];
}

/** Gives a built script a page, and the folder of both. */
function page(folder, type) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.html"), `<!doctype html><meta charset="utf-8"><title>consumer</title><script type="${type}" src="main.js" defer></script>`);
  return folder;
}

/**
 * What Next.js does for its edge runtime: `?module` becomes a compiled module, and the script runs in a realm whose
 * `WebAssembly` is not the one that compiled it.
 */
async function inEdgeLight(folder, program, wasm) {
  const { build } = await import("esbuild");
  const compiled = {
    name: "compiled",
    setup(build) {
      build.onResolve({ filter: /\.wasm\?module$/ }, () => ({ path: "core", namespace: "compiled" }));
      build.onLoad({ filter: /.*/, namespace: "compiled" }, () => ({ contents: "export default compiledModule;" }));
    },
  };
  const { outputFiles } = await build({ entryPoints: [join(folder, `${program}.js`)], bundle: true, format: "iife", conditions: ["edge-light", "worker"], plugins: [compiled], write: false });
  const bytes = readFileSync(join(folder, "..", "node_modules", "latchgate", "dist", wasm));
  const realm = createContext({ TextEncoder, TextDecoder, compiledModule: new WebAssembly.Module(bytes) });
  runInContext(outputFiles[0].text, realm);
  return realm.result;
}
