// What was built from what. A step whose inputs have not changed since is skipped.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./paths.mjs";

const file = (step) => join(build, "stamps", step);

/** A digest of texts and files; a folder counts with everything in it. */
export function digest(...inputs) {
  const hash = createHash("sha256");
  const add = (path) => hash.update(`${path}\0`).update(readFileSync(path));
  for (const input of inputs) {
    if (typeof input === "string") hash.update(`${input}\0`);
    else if (existsSync(input.file) && input.folder !== true) add(input.file);
    else if (existsSync(input.file)) for (const path of filesBelow(input.file)) add(path);
  }
  return hash.digest("hex");
}

export const folder = (path) => ({ file: path, folder: true });
export const oneFile = (path) => ({ file: path });

function filesBelow(path) {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Runs a step unless its stamp and all its outputs are there. Says whether it ran. */
export async function unlessFresh(step, stamp, outputs, work) {
  const path = file(step);
  const fresh = existsSync(path) && readFileSync(path, "utf8") === stamp && outputs.every((output) => existsSync(output));
  if (fresh) return false;
  rmSync(path, { force: true });
  await work();
  const missing = outputs.find((output) => !existsSync(output));
  if (missing !== undefined) throw new Error(`the step ${step} did not write ${missing}`);
  mkdirSync(join(build, "stamps"), { recursive: true });
  writeFileSync(path, stamp);
  return true;
}
