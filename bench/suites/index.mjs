// The parts of a run, in their order. Each has `jobs(options)`, one for each process, and `summary(outcomes)`, which makes one
// result of what they gave.

import * as back from "./back-end.mjs";
import * as conditions from "./conditional.mjs";
import * as explain from "./explain.mjs";
import * as growth from "./growth.mjs";
import * as insight from "./insight.mjs";
import * as interfaces from "./interface.mjs";
import * as load from "./load.mjs";
import * as requests from "./requests.mjs";
import * as start from "./start.mjs";

export const suites = { W1: interfaces, W2: back, W3: conditions, requests, explain, insight, W4: load, W5: start, growth };

export const suiteIds = Object.keys(suites);
