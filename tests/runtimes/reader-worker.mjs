// workerd, the reader, bundled as wrangler does it.

import * as reader from "latchgate/reader";
import { runReaderSuite } from "./suite.mjs";
import data from "./compiled.json";

export default {
  async fetch() {
    return new Response(JSON.stringify(runReaderSuite(reader, data)));
  },
};
