// Rust → core.wasm and its glue. Every wasm-bindgen target has the same module, so one is built and all entries share it.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { crate, dist, gen, inRoot, root } from "../lib/paths.mjs";
import { bin, targetFolder, wasmBindgenVersion } from "../lib/rust.mjs";
import { Failure, run } from "../lib/run.mjs";
import { digest, oneFile, unlessFresh } from "../lib/stamp.mjs";
import { compact, rename } from "./glue.mjs";

const TARGET = "wasm32-unknown-unknown";

/** The builds of the one crate. */
export const CORES = [
  // With a Rust library beside the module every function is compiled as if others might call it. The other builds are a tenth smaller
  // alone; in this one, which is optimised for speed, the compiler would inline more and make it larger.
  { name: "core", feature: "wasm", profile: "release", crates: "rlib,cdylib" },
  // No code is doubled to be quicker: neither for a loop's places in memory nor for what is computed on one of two ways only. Static
  // data stands below one megabyte, where an address is a byte shorter.
  { name: "reader", feature: "reader", profile: "reader", flags: ["-Cllvm-args=-disable-lsr -enable-pre=false", "-Clink-arg=-zstack-size=524288"] },
  { name: "casl", feature: "casl", profile: "casl" },
  // As the reader's loops and branches: 2 % less.
  { name: "insight", feature: "insight", profile: "insight", flags: ["-Cllvm-args=-disable-lsr -enable-pre=false"] },
].map(({ name, ...how }) => ({
  name,
  ...how,
  wasm: join(dist, `${name}.wasm`),
  glue: join(gen, name, `${name}.js`),
}));

/**
 * How the optimiser goes over each of them. Branches are put together anew before they are optimised. Nothing stands in the first
 * kilobyte of memory, where the stack ends, so an address and what is added to it need no check for an overflow.
 */
const PASSES = ["--low-memory-unused", "--flatten", "--rereloop", "-Oz", "-Oz", "--minify-imports-and-exports-and-modules", "--strip-target-features"];

export async function buildCores() {
  let ran = false;
  for (const core of CORES) ran = (await buildCore(core)) || ran;
  return ran;
}

async function buildCore(core) {
  const own = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
  const crates = ["--crate-type", core.crates ?? "cdylib"];
  await run("cargo", ["rustc", "--quiet", "--profile", core.profile, "--lib", ...crates, "--target", TARGET, "--features", core.feature, ...own, "--", ...(core.flags ?? [])], {
    cwd: crate,
    env: {
      // The standard library is built along, so that what a panic would say is left out: a sixth of the module. It is the pinned
      // compiler's own library; only the switch for it is not stable. Nor is the one by which single functions are made small (`latchgate_wasm`).
      RUSTC_BOOTSTRAP: "1",
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: `-Zunstable-options -Cpanic=immediate-abort --cfg latchgate_wasm ${await remaps()}`,
    },
  });
  const compiled = join(await targetFolder(), TARGET, core.profile, "latchgate.wasm");
  const optimiser = inRoot("node_modules", "binaryen", "package.json");
  const stamp = digest(wasmBindgenVersion(), oneFile(compiled), oneFile(optimiser), oneFile(new URL(import.meta.url).pathname), oneFile(new URL("glue.mjs", import.meta.url).pathname));
  return unlessFresh(core.name, stamp, [core.wasm, core.glue], () => bind(core, compiled));
}

/** What is left of file names must be the same on every machine, and name none. */
async function remaps() {
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const registries = join(home, "registry", "src");
  const folders = existsSync(registries) ? readdirSync(registries).sort() : [];
  // Where the sources of the standard library are installed, its messages name them in place of the release's own names.
  const library = join((await run("rustc", ["--print", "sysroot"], { cwd: crate, quiet: true })).trim(), "lib", "rustlib", "src", "rust");
  // Where several fit, the last one counts.
  return [[root.replace(/\/$/, ""), "latchgate"], [library, "rust"], [home, "cargo"], ...folders.map((name) => [join(registries, name), "crates"])]
    .map(([from, to]) => `--remap-path-prefix=${from}=${to}`)
    .join(" ");
}

async function bind(core, compiled) {
  const folder = dirname(core.glue);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  mkdirSync(dist, { recursive: true });
  const options = ["--target", "web", "--omit-default-module-path", "--no-typescript", "--remove-name-section", "--remove-producers-section"];
  await run(join(bin, "wasm-bindgen"), [...options, "--out-dir", folder, "--out-name", core.name, compiled]);
  // binaryen's program is JavaScript itself: no binary has to be fetched.
  const optimiser = inRoot("node_modules", "binaryen", "bin", "wasm-opt");
  // It prints which names it has shortened.
  const names = await run(process.execPath, [optimiser, ...PASSES, join(folder, `${core.name}_bg.wasm`), "-o", core.wasm], { quiet: true });
  writeFileSync(core.glue, rename(exposed(compact(readFileSync(core.glue, "utf8"))), JSON.parse(names)));
}

/**
 * pkg/src/runtime.ts instantiates the module itself: the glue's own functions tell modules apart with `instanceof`,
 * which fails between realms, and bring a fetch along. What it needs is there under private names.
 */
function exposed(glue) {
  for (const expected of ["function __wbg_get_imports()", "function __wbg_finalize_init(instance, module)"]) {
    if (!glue.includes(expected)) throw new Failure(`the glue of wasm-bindgen no longer contains \`${expected}\`: see scripts/build/core.mjs`);
  }
  return `${glue}export const memory = () => wasm.memory;\nexport { __wbg_get_imports as imports, __wbg_finalize_init as attach };\n`;
}
