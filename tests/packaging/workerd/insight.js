import * as insight from "latchgate/insight";
import { askInsight } from "../ask.js";

export default {
  fetch: () => new Response(askInsight(insight)),
};
