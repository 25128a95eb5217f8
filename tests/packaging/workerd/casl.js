import * as casl from "latchgate/casl";
import * as extra from "latchgate/casl/extra";
import { askCasl } from "../ask.js";

export default {
  fetch: () => new Response(askCasl(casl, extra)),
};
