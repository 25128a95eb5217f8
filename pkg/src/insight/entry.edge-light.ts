// Vercel's edge runtime and Next.js: `?module` asks the bundler for a compiled module.

import module from "./insight.wasm?module";
import { provide } from "../runtime.js";

provide(() => module);

export * from "./index.js";
