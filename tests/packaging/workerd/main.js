import * as latchgate from "latchgate";
import { ask } from "../ask.js";

export default {
  fetch: () => new Response(ask(latchgate)),
};
