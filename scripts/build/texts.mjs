// Files of the repository that also travel in the package.

import { copyFileSync, cpSync, existsSync, rmSync } from "node:fs";
import { inRoot } from "../lib/paths.mjs";

const PAGES = ["guides", "reference", "rules"];

export function copyTexts() {
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) {
    if (existsSync(inRoot(name))) copyFileSync(inRoot(name), inRoot("pkg", name));
  }
  rmSync(inRoot("pkg", "schema"), { recursive: true, force: true });
  if (existsSync(inRoot("schema"))) cpSync(inRoot("schema"), inRoot("pkg", "schema"), { recursive: true });
  // `latchgate rule` reads the rules; the rest is for whoever reads the package offline.
  for (const folder of PAGES) {
    rmSync(inRoot("pkg", "docs", folder), { recursive: true, force: true });
    cpSync(inRoot("docs", folder), inRoot("pkg", "docs", folder), { recursive: true });
  }
}
