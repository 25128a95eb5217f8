import * as insight from "latchgate/insight";
import { askInsight } from "../ask.js";

console.log(askInsight(insight));
