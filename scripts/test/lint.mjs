// JavaScript and TypeScript as the linter sees them: biome.jsonc says which of its rules are off, and why.

import { inRoot } from "../lib/paths.mjs";
import { Failure, run } from "../lib/run.mjs";

export async function testLint() {
  const output = await run(process.execPath, [inRoot("node_modules", "@biomejs", "biome", "bin", "biome"), "lint", "--error-on-warnings"]);
  const files = Number(/Checked (\d+) files/.exec(output)?.[1] ?? 0);
  if (files === 0) throw new Failure("the linter has seen no file");
  return files;
}
