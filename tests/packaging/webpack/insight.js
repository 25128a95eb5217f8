import * as insight from "latchgate/insight";
import { askInsight } from "../ask.js";

insight.init().then(() => {
  globalThis.result = askInsight(insight);
});
