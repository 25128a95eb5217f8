// Compiles the snapshots of the vectors, and for each vector what its principal needs, with the full build: what the reader is asked on.

import { readFileSync, writeFileSync } from "node:fs";
import { loadPolicy } from "latchgate";
import { inlineSnapshot, keyOf, sliceFor } from "./suite.mjs";

const { vectors, snapshots } = JSON.parse(readFileSync("vectors.json", "utf8"));
const compiled = {};
for (const vector of vectors) {
  const policy = loadPolicy(vector.snapshot === "inline" ? inlineSnapshot(vector.policies) : snapshots[vector.snapshot]);
  compiled[keyOf(vector)] ??= Buffer.from(policy.compiled()).toString("base64");
  compiled[`slice ${vector.id}`] = Buffer.from(sliceFor(policy, vector)).toString("base64");
  policy.free();
}
writeFileSync("compiled.json", JSON.stringify({ vectors, compiled }));
console.log(JSON.stringify({ files: Object.keys(compiled).length }));
