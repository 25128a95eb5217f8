// The core beside CASL itself, in both versions that it has to be like.

import { ensureNpmPackagesOf } from "../lib/npm.mjs";
import { inRoot } from "../lib/paths.mjs";
import { testNode } from "./node.mjs";

export async function testOracle() {
  await ensureNpmPackagesOf(inRoot("tests", "oracle", "casl6"));
  return testNode("oracle");
}
