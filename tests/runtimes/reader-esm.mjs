// Node, `import`, the reader. Started in a folder where the packed package is installed.

import { readFileSync } from "node:fs";
import * as reader from "latchgate/reader";
import { runReaderSuite } from "./suite.mjs";

console.log(JSON.stringify(runReaderSuite(reader, JSON.parse(readFileSync("compiled.json", "utf8")))));
