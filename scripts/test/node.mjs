// Test files for node:test: the JavaScript side of the package, the schema, the command line, and the page in www.

import { existsSync, readdirSync } from "node:fs";
import { inRoot } from "../lib/paths.mjs";
import { Failure, run } from "../lib/run.mjs";

/** `exclusive` files run one after the other: each starts a browser of its own. */
export async function testNode(folder, { exclusive = false } = {}) {
  const path = inRoot("tests", folder);
  const files = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".test.mjs")).sort() : [];
  if (files.length === 0) throw new Failure(`tests/${folder} has no *.test.mjs`);
  const options = ["--test", "--test-reporter=spec", ...(exclusive ? ["--test-concurrency=1"] : [])];
  const output = await run(process.execPath, [...options, ...files.map((name) => `tests/${folder}/${name}`)]);
  const passed = Number(/^ℹ pass (\d+)$/m.exec(output)?.[1] ?? 0);
  if (passed === 0) throw new Failure(`tests/${folder}: no test ran`);
  return passed;
}
