import { init, loadPolicy, LatchgateError } from "latchgate/slim";
import { ask } from "../ask.js";

init(fetch(new URL("latchgate/core.wasm", import.meta.url))).then(() => {
  globalThis.result = ask({ loadPolicy, LatchgateError });
});
