const latchgate = require("latchgate");

// `ask.js` is an ES module; `latchgate` is not.
import("../ask.js").then(({ ask }) => console.log(ask(latchgate)));
