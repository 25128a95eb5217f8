// The package as a stranger gets it: packed, and installed in a folder outside of this repository, so that nothing is found
// by accident in a folder above.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, inRoot, vectors } from "./paths.mjs";
import { Failure, run } from "./run.mjs";

const packs = join(build, "pack");

/** `npm pack`; gives the tarball's path. */
export async function pack() {
  rmSync(packs, { recursive: true, force: true });
  mkdirSync(packs, { recursive: true });
  await run("npm", ["pack", "--silent", "-w", "pkg", "--pack-destination", packs], { quiet: true });
  return tarball();
}

export function tarball() {
  const file = readdirSync(packs).find((name) => name.endsWith(".tgz"));
  if (file === undefined) throw new Failure("there is no packed package: run the step `package` first");
  return join(packs, file);
}

let installed;
/** Installs the tarball once in a run; removed when the run ends. */
export async function consumer() {
  if (installed !== undefined) return installed;
  const folder = mkdtempSync(join(tmpdir(), "latchgate-consumer-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  await run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--silent", tarball()], { cwd: folder, quiet: true });
  cpSync(inRoot("tests", "runtimes"), folder, { recursive: true });
  cpSync(inRoot("tests", "packaging"), folder, { recursive: true });
  writeFileSync(join(folder, "vectors.json"), JSON.stringify(vectorData()));
  // What the reader is given, compiled by the package that is under test.
  const { files } = JSON.parse(await run(process.execPath, ["compile.mjs"], { cwd: folder, quiet: true }));
  if (!(files > 0)) throw new Failure("nothing was compiled for the reader");
  const { compiled } = JSON.parse(readFileSync(join(folder, "compiled.json"), "utf8"));
  writeFileSync(join(folder, "example.js"), `export default ${JSON.stringify({ ...example(), compiled: compiled["kura.main"] })};\n`);
  installed = folder;
  return folder;
}

/** Vectors and snapshots as the suite takes them; the snapshots stay text, byte for byte. */
export function vectorData() {
  const snapshots = {};
  for (const file of readdirSync(join(vectors, "snapshots")).sort()) {
    snapshots[file.replace(/\.json$/, "")] = readFileSync(join(vectors, "snapshots", file), "utf8");
  }
  return { vectors: JSON.parse(readFileSync(join(vectors, "decisions.json"), "utf8")).vectors, snapshots };
}

/** One snapshot with one question that is allowed and one that is denied, taken from the vectors. */
function example() {
  const { vectors, snapshots } = vectorData();
  const of = (expected) => {
    const { principal, ask } = vectors.find((vector) => vector.snapshot === "kura.main" && vector.ask.permission && !vector.ask.auth && vector.expected === expected);
    return { principal, permission: ask.permission };
  };
  return { snapshot: snapshots["kura.main"], allow: of("allow"), deny: of("deny") };
}
