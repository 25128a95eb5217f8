// `npm run bench`: builds the package, installs the peers into bench/, and measures. The peers are no workspace of this repository,
// so that nothing but this command ever installs them. bench/README.md says what is measured and how.

import { spawn } from "node:child_process";
import { inRoot } from "./lib/paths.mjs";
import { ensureNpmPackagesOf } from "./lib/npm.mjs";
import { Failure } from "./lib/run.mjs";

try {
  if ((await node("scripts/build.mjs")) !== 0) throw new Failure("the package could not be built");
  await ensureNpmPackagesOf(inRoot("bench"));
  process.exitCode = await node("bench/run.mjs", ...process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`bench failed: ${error.message}`);
  process.exitCode = 1;
}

/** With the terminal as it is: the progress bar needs to see it. */
function node(script, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inRoot(script), ...args], { stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
