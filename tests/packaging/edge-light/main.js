import * as latchgate from "latchgate";
import { ask } from "../ask.js";

globalThis.result = ask(latchgate);
