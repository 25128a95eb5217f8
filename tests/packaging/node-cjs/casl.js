const casl = require("latchgate/casl");
const extra = require("latchgate/casl/extra");

import("../ask.js").then(({ askCasl }) => console.log(askCasl(casl, extra)));
