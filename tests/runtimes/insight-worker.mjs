// workerd, the insight build, bundled as wrangler does it.

import * as latchgate from "latchgate/insight";
import { runInsightSuite } from "./suite.mjs";
import data from "./vectors.json";

export default {
  async fetch() {
    return new Response(JSON.stringify(runInsightSuite(latchgate, data)));
  },
};
