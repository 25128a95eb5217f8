// `npm ci`, but only when what is installed differs from the lock file.

import { existsSync, readFileSync } from "node:fs";
import { inRoot } from "./paths.mjs";
import { run } from "./run.mjs";

export async function ensureNpmPackages() {
  const wrong = firstMissing();
  if (wrong === undefined) return;
  console.log(`npm packages: ${wrong}, running npm ci`);
  // Packages with install scripts are used without them; see scripts/README.md.
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]);
}

function firstMissing() {
  const { packages } = JSON.parse(readFileSync(inRoot("package-lock.json"), "utf8"));
  for (const [place, wanted] of Object.entries(packages)) {
    // Optional packages are for other platforms; links are the workspaces.
    if (place === "" || wanted.optional || wanted.devOptional || wanted.peer) continue;
    if (!place.includes("node_modules/")) continue;
    const manifest = inRoot(place, "package.json");
    if (!existsSync(manifest)) return `${place} is missing`;
    if (!wanted.link && JSON.parse(readFileSync(manifest, "utf8")).version !== wanted.version) return `${place} has another version`;
  }
  return undefined;
}
