import * as latchgate from "latchgate/slim";
import wasm from "latchgate/core.wasm?url";
import { ask } from "../ask.js";

await latchgate.init(fetch(wasm));
globalThis.result = ask(latchgate);
