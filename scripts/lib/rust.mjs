// The Rust side of the tools: target, components and the wasm-bindgen command, which exists only as source.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crate, tools } from "./paths.mjs";
import { attempt, Failure, run, works } from "./run.mjs";

const TARGET = "wasm32-unknown-unknown";
export const bin = join(tools, "bin");

export async function ensureRust() {
  if (!(await works("cargo", "--version"))) throw new Failure("cargo is missing: install Rust from rustup.rs or your distribution");
  const { output } = await attempt("rustc", ["--print", "target-libdir", "--target", TARGET], { quiet: true });
  if (!existsSync(output.trim())) {
    if (!(await works("rustup", "--version"))) throw new Failure(`the Rust target ${TARGET} is missing, and there is no rustup to add it with`);
    await run("rustup", ["target", "add", TARGET]);
  }
  await ensureSources();
}

/** The standard library's source: the modules are built with one of their own, which leaves out what they do not need. */
async function ensureSources() {
  const { output } = await attempt("rustc", ["--print", "sysroot"], { quiet: true });
  if (existsSync(join(output.trim(), "lib", "rustlib", "src", "rust", "library", "Cargo.lock"))) return;
  if (!(await works("rustup", "--version"))) throw new Failure("the Rust component rust-src is missing, and there is no rustup to add it with");
  await run("rustup", ["component", "add", "rust-src"]);
}

export async function ensureLints() {
  const missing = [];
  if (!(await works("cargo", "clippy", "--version"))) missing.push("clippy");
  if (!(await works("cargo", "fmt", "--version"))) missing.push("rustfmt");
  if (missing.length === 0) return;
  if (!(await works("rustup", "--version"))) throw new Failure(`${missing.join(" and ")} missing, and there is no rustup to add with`);
  await run("rustup", ["component", "add", ...missing]);
}

/** Command and library must be the same version to the digit, so the crate's manifest says which. */
export function wasmBindgenVersion() {
  const manifest = readFileSync(join(crate, "Cargo.toml"), "utf8");
  const version = /^wasm-bindgen\s*=.*"=(\d+\.\d+\.\d+)"/m.exec(manifest)?.[1];
  if (version === undefined) throw new Failure('Cargo.toml must pin wasm-bindgen exactly, like `wasm-bindgen = { version = "=0.2.130" }`');
  return version;
}

export async function ensureWasmBindgen() {
  const version = wasmBindgenVersion();
  const { output } = await attempt(join(bin, "wasm-bindgen"), ["--version"], { quiet: true });
  if (output.trim() === `wasm-bindgen ${version}`) return;
  console.log(`wasm-bindgen ${version} is built from source into build/tools; this takes about three minutes, once`);
  // Not --locked: the lock file of this release names a version that was withdrawn. Little optimising: it runs for a blink.
  await run("cargo", ["install", "wasm-bindgen-cli", "--version", version, "--no-default-features", "--root", tools, "--force", "--quiet"], {
    env: { CARGO_PROFILE_RELEASE_OPT_LEVEL: "1", CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16", CARGO_PROFILE_RELEASE_DEBUG: "0" },
  });
}

let folder;
/** Cargo's target folder, which may be anywhere. */
export async function targetFolder() {
  folder ??= JSON.parse(await run("cargo", ["metadata", "--no-deps", "--format-version", "1"], { cwd: crate, quiet: true })).target_directory;
  return folder;
}
