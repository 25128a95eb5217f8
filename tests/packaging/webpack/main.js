import { init, loadPolicy, LatchgateError } from "latchgate";
import { ask } from "../ask.js";

init().then(() => {
  globalThis.result = ask({ loadPolicy, LatchgateError });
});
