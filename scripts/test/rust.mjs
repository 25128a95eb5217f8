// The crate natively, and in WebAssembly under wasm-bindgen's own runner.

import { join } from "node:path";
import { chromedriver } from "../lib/chromium.mjs";
import { crate } from "../lib/paths.mjs";
import { bin } from "../lib/rust.mjs";
import { Failure, run } from "../lib/run.mjs";

const cargo = (args, env) => run("cargo", args, { cwd: crate, env });

export async function testRust() {
  await cargo(["fmt", "--check"]);
  await cargo(["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]);
  for (const build of ["wasm", "reader", "wasm,insight"]) {
    await cargo(["clippy", "--quiet", "--lib", "--target", "wasm32-unknown-unknown", "--features", build, "--", "-D", "warnings"]);
  }
  const passed = count(await cargo(["test", "--quiet"]));
  await cargo(["doc", "--quiet", "--no-deps"], { RUSTDOCFLAGS: "-D warnings" });
  return passed;
}

export async function testWasm({ browser }) {
  const env = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: join(bin, "wasm-bindgen-test-runner"), CHROMEDRIVER: chromedriver };
  const files = browser ? ["wasm_node", "wasm_browser"] : ["wasm_node"];
  // One call for both, so that the crate is compiled once.
  const output = await cargo(["test", "--target", "wasm32-unknown-unknown", "--features", "wasm", ...files.flatMap((file) => ["--test", file]), "--", "--nocapture"], env);
  if (results(output).filter((passed) => passed > 0).length < files.length) throw new Failure(`one of ${files.join(", ")} ran no test`);
  return count(output);
}

/** `cargo test` says it once for every test program. */
const results = (output) => [...output.matchAll(/test result: ok\. (\d+) passed/g)].map(([, passed]) => Number(passed));

/** Nothing at all is a failure: something was not run. */
function count(output) {
  const passed = results(output).reduce((sum, passed) => sum + passed, 0);
  if (passed === 0) throw new Failure("cargo test ran no test");
  return passed;
}
