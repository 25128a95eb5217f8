// Node, `require`, the insight build.

const { readFileSync } = require("node:fs");
const latchgate = require("latchgate/insight");

import("./suite.mjs").then(({ runInsightSuite }) => {
  console.log(JSON.stringify(runInsightSuite(latchgate, JSON.parse(readFileSync("vectors.json", "utf8")))));
});
