import * as reader from "latchgate/reader";
import { askReader } from "../ask.js";

console.log(askReader(reader));
