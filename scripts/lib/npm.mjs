// `npm ci`, but only when what is installed differs from the lock file.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";

export const ensureNpmPackages = () => ensureNpmPackagesOf(root);

/** The same for a folder with a lock file of its own. */
export async function ensureNpmPackagesOf(folder) {
  const wrong = firstMissing(folder);
  if (wrong === undefined) return;
  console.log(`npm packages: ${wrong}, running npm ci`);
  // Packages with install scripts are used without them; see scripts/README.md.
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: folder });
}

function firstMissing(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  for (const [place, wanted] of Object.entries(packages)) {
    // Optional packages are for other platforms; links are the workspaces.
    if (place === "" || wanted.optional || wanted.devOptional || wanted.peer) continue;
    if (!place.includes("node_modules/")) continue;
    const manifest = join(folder, place, "package.json");
    if (!existsSync(manifest)) return `${place} is missing`;
    if (!wanted.link && JSON.parse(readFileSync(manifest, "utf8")).version !== wanted.version) return `${place} has another version`;
  }
  return undefined;
}
