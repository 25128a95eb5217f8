// Packs the package and looks at it from outside: what is in it, and whether every tool will find its way around in it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { consumer, pack } from "../lib/consumer.mjs";
import { inRoot } from "../lib/paths.mjs";
import { Failure, run } from "../lib/run.mjs";

const bin = (name, ...path) => [process.execPath, inRoot("node_modules", name, ...path)];

export async function testPackage() {
  const tarball = await pack();
  const files = (await run("tar", ["-tzf", tarball], { quiet: true })).trim().split("\n").map((name) => name.replace(/^package\//, ""));
  const manifest = JSON.parse(readFileSync(inRoot("pkg", "package.json"), "utf8"));
  const wanted = new Set(["package.json", ...targets(manifest.exports), ...targets(manifest.bin), manifest.main, manifest.types].map((path) => path.replace(/^\.\//, "")));
  for (const path of wanted) if (!files.includes(path)) throw new Failure(`package.json names ${path}, but it is not packed`);
  const surplus = files.find((name) => !/^(package\.json|README\.md|LICENSE-\w+|dist\/|schema\/|docs\/)/.test(name));
  if (!files.includes("docs/rules/hantera.md")) throw new Failure("the rule pages are not packed");
  if (surplus !== undefined) throw new Failure(`${surplus} is packed, but nobody needs it`);
  console.log(`${files.length} files packed, ${wanted.size} named in package.json`);

  await versionsAgree(manifest.version);
  await noPlacesOfThisMachine(files);

  const [node, publint] = bin("publint", "src", "cli.js");
  await run(node, [publint, tarball, "--strict"]);
  const [, attw] = bin("@arethetypeswrong/cli", "dist", "index.js");
  // node16 covers Node and every bundler; resolution as before 2022 cannot see subpaths at all. The .wasm have no types.
  await run(node, [attw, tarball, "--profile", "node16", "--exclude-entrypoints", "core.wasm", "reader.wasm", "casl.wasm", "insight.wasm", "--no-emoji", "--no-color"]);
  return 5;
}

const targets = (map) => (typeof map === "string" ? [map] : Object.values(map).flatMap(targets));

/** One version: of the crate, of the package, and of the engine inside. */
async function versionsAgree(version) {
  const cargo = /^version\s*=\s*"([^"]+)"/m.exec(readFileSync(inRoot("Cargo.toml"), "utf8"))?.[1];
  const script = 'import("latchgate").then(({ version }) => console.log(version()))';
  const engine = (await run(process.execPath, ["-e", script], { cwd: await consumer(), quiet: true })).trim();
  if (cargo !== version || engine !== version) throw new Failure(`versions differ: Cargo.toml ${cargo}, package.json ${version}, engine ${engine}`);
}

/** Folder names of the builder would make each build different, and are nobody's business. */
async function noPlacesOfThisMachine(files) {
  const folder = join(await consumer(), "node_modules", "latchgate");
  const home = process.env.HOME ?? "/root";
  for (const file of files.filter((name) => name.startsWith("dist/"))) {
    const bytes = readFileSync(join(folder, file));
    for (const place of [inRoot(), `${home}/`]) {
      if (place.length > 2 && bytes.includes(place)) throw new Failure(`${file} contains a folder name of this machine (${place})`);
    }
  }
}
