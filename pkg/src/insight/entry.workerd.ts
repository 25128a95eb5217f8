// Cloudflare Workers and workerd: importing a `.wasm` file gives a compiled module, and compiling bytes is forbidden.

import module from "./insight.wasm";
import { provide } from "../runtime.js";

provide(() => module);

export * from "./index.js";
