import * as reader from "latchgate/reader/slim";
import wasm from "latchgate/reader.wasm?url";
import { askReader } from "../ask.js";

await reader.init(fetch(wasm));
globalThis.result = askReader(reader);
