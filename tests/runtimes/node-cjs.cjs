// Node, `require`.

const { readFileSync } = require("node:fs");
const latchgate = require("latchgate");

import("./suite.mjs").then(({ runSuite }) => {
  console.log(JSON.stringify(runSuite(latchgate, JSON.parse(readFileSync("vectors.json", "utf8")))));
});
