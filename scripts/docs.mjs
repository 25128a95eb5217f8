// `npm run docs`: the documentation site in build/site. `npm run docs -- --serve` shows it, and again after each change of a page. Its tools are
// no workspace of this repository, so that nothing but this command ever installs them.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { inRoot } from "./lib/paths.mjs";
import { ensureNpmPackages, ensureNpmPackagesOf } from "./lib/npm.mjs";
import { attempt, Failure, run } from "./lib/run.mjs";

const site = inRoot("site");
const pages = inRoot("site", "pages");
/** The entries of the package, as TypeDoc reads them. */
const ENTRIES = ["index.ts", "reader.ts", "insight/index.ts", "casl/index.ts", "casl/extra/index.ts"];
const bin = (name, ...path) => inRoot("site", "node_modules", name, ...path);

try {
  await ensureNpmPackages();
  await ensureNpmPackagesOf(site);
  await layOut();
  await run(process.execPath, [bin("typedoc", "bin", "typedoc"), "--options", "typedoc.json", ...ENTRIES.map((entry) => `../pkg/src/${entry}`)], { cwd: site });
  const vitepress = [bin("vitepress", "bin", "vitepress.js"), process.argv.includes("--serve") ? "dev" : "build"];
  if (process.argv.includes("--serve")) spawn(process.execPath, vitepress, { cwd: site, stdio: "inherit" });
  else await run(process.execPath, vitepress, { cwd: site });
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`docs failed: ${error.message}`);
  process.exitCode = 1;
}

/** All pages and pictures as they stand in the repository, so that links among them lead where they lead there. */
async function layOut() {
  rmSync(pages, { recursive: true, force: true });
  const { output } = await attempt("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.svg"], { quiet: true });
  const files = output.split("\n").filter((name) => /^(docs\/|[A-Z]+\.md$|(bench|tests|examples|scripts|www)\/.*\.md$)/.test(name) && existsSync(inRoot(name)));
  if (files.length === 0) throw new Failure("there are no pages: the site is built from a clone of the repository");
  for (const name of files) {
    const place = inRoot("site", "pages", name.replace(/README\.md$/, "index.md"));
    if (name.endsWith(".svg")) cpSync(inRoot(name), place);
    else {
      mkdirSync(dirname(place), { recursive: true });
      // A folder's page is its README there, and its index here.
      writeFileSync(place, readFileSync(inRoot(name), "utf8").replace(/\]\(((?:[^)\s]*\/)?)README\.md/g, "]($1index.md"));
    }
  }
  console.log(`${files.length} files laid out in site/pages`);
}
