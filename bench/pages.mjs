// Writes the tables of the documents from the last complete run. Measures nothing.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { results } from "./lib/paths.mjs";
import { writePages } from "./report/pages.mjs";

writePages(JSON.parse(readFileSync(join(results, "latest.json"), "utf8")));
