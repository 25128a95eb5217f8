import * as insight from "latchgate/insight";
import { askInsight } from "../ask.js";

globalThis.result = askInsight(insight);
