// Node, and the caller brings the WebAssembly: once in each of the forms it can have. `init` counts once in a process, so
// every form gets a process of its own, named by the first argument.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import * as slim from "latchgate/slim";
import { runSuite } from "./suite.mjs";

const bytes = readFileSync(createRequire(import.meta.url).resolve("latchgate/core.wasm"));
const forms = {
  bytes: () => slim.initSync(bytes),
  buffer: () => slim.init(new Uint8Array(bytes).buffer),
  module: () => slim.initSync(new WebAssembly.Module(bytes)),
  foreignModule: () => slim.initSync(runInNewContext("new WebAssembly.Module(bytes)", { bytes })),
  instance: () => slim.init(new WebAssembly.Instance(new WebAssembly.Module(bytes), slim.imports())),
  response: () => slim.init(new Response(bytes)),
  streamed: () => slim.init(Promise.resolve(new Response(bytes, { headers: { "content-type": "application/wasm" } }))),
};

const tooEarly = attempt(() => slim.loadPolicy({}));
const wrong = await attemptAsync(() => slim.init("core.wasm"));
await forms[process.argv[2]]();
const result = runSuite(slim, JSON.parse(readFileSync("vectors.json", "utf8")));
result.ran += 2;
if (tooEarly !== "ERR_NOT_READY") result.failures.push(`loadPolicy before init: ${tooEarly}`);
if (wrong !== "ERR_ARGUMENT") result.failures.push(`init with a text: ${wrong}`);
console.log(JSON.stringify(result));

function attempt(work) {
  try {
    return work();
  } catch (error) {
    return error.code;
  }
}

async function attemptAsync(work) {
  try {
    return await work();
  } catch (error) {
    return error.code;
  }
}
