// pkg/src → pkg/dist: one JavaScript file for every entry, each complete in itself.

import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dist, inRoot } from "../lib/paths.mjs";
import { digest, folder, oneFile, unlessFresh } from "../lib/stamp.mjs";
import { CORES } from "./core.mjs";

const source = inRoot("pkg", "src");
const cliSource = join(source, "cli", "main.ts");

const FORMS = [
  ["inline", "js", "esm"],
  ["inline", "cjs", "cjs"],
  ["workerd", "js", "esm"],
  ["edge-light", "js", "esm"],
  ["slim", "js", "esm"],
  ["slim", "cjs", "cjs"],
];
/** How the files of a build are called, in pkg/src and in pkg/dist. The façade of CASL has nothing to be brought to. */
const PLACES = {
  core: { from: "entry.", to: "", forms: FORMS },
  reader: { from: "entry.reader.", to: "reader.", forms: FORMS },
  insight: { from: "insight/entry.", to: "insight.", forms: FORMS },
  casl: { from: "casl/entry.", to: "casl.", forms: FORMS.filter(([name]) => name !== "slim") },
};

/** Each entry of all builds: its source, its file, its format. */
const ENTRIES = [
  ...CORES.flatMap((core) => {
    const { from, to, forms } = PLACES[core.name];
    return forms.map(([name, extension, format]) => ({ core, entry: `${from}${name}.ts`, file: `${to}${name}.${extension}`, format }));
  }),
  // What asks for no decision needs no core.
  { entry: "casl/extra/index.ts", file: "casl.extra.js", format: "esm" },
  { entry: "casl/extra/index.ts", file: "casl.extra.cjs", format: "cjs" },
];

export async function buildLibrary() {
  const outputs = ENTRIES.map(({ file }) => join(dist, file));
  const tools = [oneFile(inRoot("node_modules", "esbuild", "package.json")), oneFile(inRoot("pkg", "tsconfig.json")), oneFile(new URL(import.meta.url).pathname)];
  const stamp = digest(folder(source), ...CORES.flatMap((core) => [oneFile(core.glue), oneFile(core.wasm)]), ...tools);
  const bundled = await unlessFresh("library", stamp, outputs, bundleEntries);
  if (!existsSync(cliSource)) return bundled;
  const cli = join(dist, "cli.js");
  return (await unlessFresh("cli", digest(folder(join(source, "cli")), oneFile(inRoot("package-lock.json")), ...tools), [cli, cli.replace(/\.js$/, ".LICENSES.txt")], () => bundleCli(cli))) || bundled;
}

const common = { bundle: true, target: "es2022", charset: "utf8", legalComments: "none", logLevel: "warning" };

async function bundleEntries() {
  const { build } = await import("esbuild");
  for (const { core, entry, file, format } of ENTRIES) {
    await build({ ...common, entryPoints: [join(source, entry)], outfile: join(dist, file), format, platform: "neutral", minify: true, external: ["@ucast/mongo2js"], plugins: core === undefined ? [] : [built(core)] });
  }
}

/** Puts what was built in place of the declarations in pkg/src. */
const built = (core) => ({
  name: "core",
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/core\.js$/ }, () => ({ path: core.glue, sideEffects: false }));
    build.onResolve({ filter: /^\.\/utf8\.js$/ }, () => ({ path: join(source, "utf8.ts"), sideEffects: false }));
    build.onResolve({ filter: /^\.\.?\/core-base64\.js$/ }, () => ({ path: core.wasm, namespace: "base64" }));
    build.onResolve({ filter: /^\.\/(core|reader|casl|insight)\.wasm/ }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /.*/, namespace: "base64" }, ({ path }) => ({
      contents: `export const base64 = "${readFileSync(path).toString("base64")}";`,
    }));
  },
});

/** Readable and not minified: whoever debugs a command reads its source. The library stays a file of its own; what only commands need is inside. */
export async function bundleCli(outfile) {
  const { build } = await import("esbuild");
  rmSync(outfile, { force: true });
  const library = {
    name: "library",
    setup: (build) => build.onResolve({ filter: /^(\.\.\/)+(insight\/)?entry\.inline\.js$/ }, ({ path }) => ({ path: path.includes("insight") ? "./insight.inline.js" : "./inline.js", external: true })),
  };
  const { metafile } = await build({ ...common, entryPoints: [cliSource], outfile, format: "esm", platform: "node", target: "node20", plugins: [library], banner: { js: REQUIRE }, metafile: true });
  writeFileSync(outfile.replace(/\.js$/, ".LICENSES.txt"), licencesOf(Object.keys(metafile.inputs)));
  const text = readFileSync(outfile, "utf8");
  if (!text.startsWith("#!")) throw new Error("pkg/src/cli/main.ts must begin with `#!/usr/bin/env node`");
  chmodSync(outfile, 0o755);
}

/** Some of the bundled libraries are CommonJS and ask for modules of Node. */
const REQUIRE = 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);';

/** The licences of what is inside, by package. */
function licencesOf(inputs) {
  const packages = new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  return [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(inRoot(folder, "package.json"), "utf8"));
    const file = readdirSync(inRoot(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} comes without the text of its licence`);
    return `${name} ${version}: ${license}\n\n${readFileSync(inRoot(folder, file), "utf8").trim()}\n`;
  }).join(`\n${"-".repeat(80)}\n\n`);
}
