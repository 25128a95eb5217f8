// Node, and the caller brings the WebAssembly of the insight build.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as slim from "latchgate/insight/slim";
import { runInsightSuite } from "./suite.mjs";

slim.initSync(readFileSync(createRequire(import.meta.url).resolve("latchgate/insight.wasm")));
console.log(JSON.stringify(runInsightSuite(slim, JSON.parse(readFileSync("vectors.json", "utf8")))));
