const insight = require("latchgate/insight");

import("../ask.js").then(({ askInsight }) => console.log(askInsight(insight)));
