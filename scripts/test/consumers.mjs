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

export async function testConsumers({ browser: hasBrowser }) {
  const folder = await consumer();
  const all = hasBrowser ? { ...HERE, ...IN_BROWSER } : HERE;
  const names = Object.keys(all);
  const unknown = readdirSync(inRoot("tests", "packaging"), { withFileTypes: true }).filter((entry) => entry.isDirectory() && !(entry.name in { ...HERE, ...IN_BROWSER }));
  if (unknown.length > 0) throw new Failure(`nobody runs tests/packaging/${unknown[0].name}`);

  const check = async (name, answer) => {
    const got = (await answer).trim();
    if (got !== EXPECTED) throw new Failure(`${name}: expected ${EXPECTED}, got ${got}`);
    console.log(`${name}: built and answered`);
  };
  for (const [name, work] of Object.entries(HERE)) await check(name, work(join(folder, name)));
  if (hasBrowser) {
    await withBrowser(async (browser) => {
      for (const [name, build] of Object.entries(IN_BROWSER)) await check(name, build(join(folder, name)).then((site) => resultOf(browser, site)));
    });
  }
  return names.length;
}

const HERE = {
  "node-esm": (folder) => run(process.execPath, ["main.js"], { cwd: folder, quiet: true }),
  "node-cjs": (folder) => run(process.execPath, ["main.js"], { cwd: folder, quiet: true }),
  "node-reader": (folder) => run(process.execPath, ["main.js"], { cwd: folder, quiet: true }),
  workerd: async (folder) => {
    // An old worker: at this date there is no FinalizationRegistry yet.
    await bundleWorker(join(folder, "main.js"), join(folder, "dist"), { compatibilityDate: "2023-01-01" });
    return fetchFromWorker(join(folder, "dist"));
  },
  "edge-light": edgeLight,
};

const IN_BROWSER = {
  vite: viteBuild,
  "vite-slim": viteBuild,
  "vite-reader": viteBuild,
  webpack: webpackBuild,
  "webpack-slim": webpackBuild,
  esbuild: esbuildBuild,
  "esbuild-reader": esbuildBuild,
  rollup: async (folder) => {
    const [{ rollup }, { nodeResolve }] = await Promise.all([import("rollup"), import("@rollup/plugin-node-resolve")]);
    const bundle = await rollup({ input: join(folder, "main.js"), plugins: [nodeResolve()] });
    await bundle.write({ file: join(folder, "dist", "main.js"), format: "es" });
    return page(folder, "module");
  },
};

async function viteBuild(folder) {
  const { build } = await import("vite");
  await build({ root: folder, configFile: false, logLevel: "warn" });
  return join(folder, "dist");
}

async function esbuildBuild(folder) {
  const { build } = await import("esbuild");
  await build({ entryPoints: [join(folder, "main.js")], outfile: join(folder, "dist", "main.js"), bundle: true, minify: true, format: "esm", logLevel: "warning" });
  return page(folder, "module");
}

async function webpackBuild(folder) {
  const webpack = createRequire(import.meta.url)("webpack");
  const stats = await new Promise((resolve, reject) => {
    webpack({ context: folder, mode: "production", entry: "./main.js", output: { path: join(folder, "dist") } }, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
  if (stats.hasErrors()) throw new Failure(stats.toString({ all: false, errors: true }));
  return page(folder, "text/javascript");
}

/** Gives a built script a page, and the folder of both. */
function page(folder, type) {
  mkdirSync(join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "dist", "index.html"), `<!doctype html><meta charset="utf-8"><title>consumer</title><script type="${type}" src="main.js" defer></script>`);
  return join(folder, "dist");
}

/**
 * What Next.js does for its edge runtime: `?module` becomes a compiled module, and the script runs in a realm whose
 * `WebAssembly` is not the one that compiled it.
 */
async function edgeLight(folder) {
  const { build } = await import("esbuild");
  const wasm = join(folder, "..", "node_modules", "latchgate", "dist", "core.wasm");
  const compiled = {
    name: "compiled",
    setup(build) {
      build.onResolve({ filter: /\.wasm\?module$/ }, () => ({ path: "core", namespace: "compiled" }));
      build.onLoad({ filter: /.*/, namespace: "compiled" }, () => ({ contents: "export default compiledModule;" }));
    },
  };
  const { outputFiles } = await build({ entryPoints: [join(folder, "main.js")], bundle: true, format: "iife", conditions: ["edge-light", "worker"], plugins: [compiled], write: false });
  const realm = createContext({ TextEncoder, TextDecoder, compiledModule: new WebAssembly.Module(readFileSync(wasm)) });
  runInContext(outputFiles[0].text, realm);
  return realm.result;
}
