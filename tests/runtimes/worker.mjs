// workerd. The package is bundled as wrangler does it: JavaScript in one file, `.wasm` beside it as a module.

import * as latchgate from "latchgate";
import { runSuite } from "./suite.mjs";
import data from "./vectors.json";

export default {
  async fetch() {
    return new Response(JSON.stringify(runSuite(latchgate, data)));
  },
};
