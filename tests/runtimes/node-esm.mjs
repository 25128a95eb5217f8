// Node, `import`. Started in a folder where the packed package is installed.

import { readFileSync } from "node:fs";
import * as latchgate from "latchgate";
import { runSuite } from "./suite.mjs";

console.log(JSON.stringify(runSuite(latchgate, JSON.parse(readFileSync("vectors.json", "utf8")))));
