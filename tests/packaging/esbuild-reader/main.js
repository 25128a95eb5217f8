import * as reader from "latchgate/reader";
import { askReader } from "../ask.js";

await reader.init();
globalThis.result = askReader(reader);
