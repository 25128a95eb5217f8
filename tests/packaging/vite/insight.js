import * as insight from "latchgate/insight";
import { askInsight } from "../ask.js";

await insight.init();
globalThis.result = askInsight(insight);
