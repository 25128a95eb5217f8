import * as latchgate from "latchgate";
import { ask } from "../ask.js";

console.log(ask(latchgate));
