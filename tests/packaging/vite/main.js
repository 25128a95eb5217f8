import * as latchgate from "latchgate";
import { ask } from "../ask.js";

await latchgate.init();
globalThis.result = ask(latchgate);
