// Node, and the caller brings the WebAssembly of the reader, in the form that the first argument names.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as slim from "latchgate/reader/slim";
import { runReaderSuite } from "./suite.mjs";

const bytes = readFileSync(createRequire(import.meta.url).resolve("latchgate/reader.wasm"));
const forms = {
  bytes: () => slim.initSync(bytes),
  instance: () => slim.init(new WebAssembly.Instance(new WebAssembly.Module(bytes), slim.imports())),
  streamed: () => slim.init(new Response(bytes, { headers: { "content-type": "application/wasm" } })),
};

let tooEarly;
try {
  slim.loadPolicy(new Uint8Array(8));
} catch (error) {
  tooEarly = error.code;
}
await forms[process.argv[2]]();
const result = runReaderSuite(slim, JSON.parse(readFileSync("compiled.json", "utf8")));
result.ran += 1;
if (tooEarly !== "ERR_NOT_READY") result.failures.push(`loadPolicy before init: ${tooEarly}`);
console.log(JSON.stringify(result));
