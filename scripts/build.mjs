// `npm run build`: the Rust core and the TypeScript around it → pkg/dist. Installs the tools it needs, skips what is up to
// date, and works in a fresh clone: until the packages are installed only Node's own modules are used.

import { alone } from "./lib/lock.mjs";
import { ensureNpmPackages } from "./lib/npm.mjs";
import { ensureRust, ensureWasmBindgen } from "./lib/rust.mjs";
import { Failure } from "./lib/run.mjs";
import { buildCores } from "./build/core.mjs";
import { buildLibrary } from "./build/library.mjs";
import { copyTexts } from "./build/texts.mjs";
import { buildTypes } from "./build/types.mjs";

const STEPS = [
  ["core.wasm, reader.wasm and insight.wasm", buildCores],
  ["type declarations", buildTypes],
  ["entry files", buildLibrary],
];

try {
  await alone(async () => {
    await ensureNpmPackages();
    await ensureRust();
    await ensureWasmBindgen();
    for (const [name, step] of STEPS) {
      const began = Date.now();
      const ran = await step();
      console.log(`${name}: ${ran ? `built in ${((Date.now() - began) / 1000).toFixed(1)} s` : "up to date"}`);
    }
    copyTexts();
  });
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`build failed: ${error.message}`);
  process.exitCode = 1;
}
