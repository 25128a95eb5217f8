// JavaScript and TypeScript as the linter sees them: biome.jsonc says which of its rules are off, and why.

import { inRoot } from "../lib/paths.mjs";
import { attempt, Failure } from "../lib/run.mjs";

export async function testLint() {
  const { code, output, complaints } = await attempt(process.execPath, [inRoot("node_modules", "@biomejs", "biome", "bin", "biome"), "lint", "--error-on-warnings"]);
  if (code !== 0) throw new Failure("the linter finds faults; some of them it mends: npx biome lint --write");
  const files = Number(/Checked (\d+) files/.exec(output + complaints)?.[1] ?? 0);
  if (files === 0) throw new Failure("the linter has seen no file");
  return files;
}
