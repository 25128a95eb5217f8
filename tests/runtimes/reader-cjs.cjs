// Node, `require`, the reader.

const { readFileSync } = require("node:fs");
const reader = require("latchgate/reader");

import("./suite.mjs").then(({ runReaderSuite }) => {
  console.log(JSON.stringify(runReaderSuite(reader, JSON.parse(readFileSync("compiled.json", "utf8")))));
});
