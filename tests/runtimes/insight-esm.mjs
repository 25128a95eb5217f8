// Node, `import`, the insight build. Started in a folder where the packed package is installed.

import { readFileSync } from "node:fs";
import * as latchgate from "latchgate/insight";
import { runInsightSuite } from "./suite.mjs";

console.log(JSON.stringify(runInsightSuite(latchgate, JSON.parse(readFileSync("vectors.json", "utf8")))));
