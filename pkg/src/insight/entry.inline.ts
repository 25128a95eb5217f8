// Node, Deno, Bun, and every bundler for the browser: the core travels inside the file as base64. No file is read, nothing
// is fetched and no permission is asked for.

import { base64 } from "../core-base64.js";
import { fromBase64 } from "../base64.js";
import { provide } from "../runtime.js";

provide(() => fromBase64(base64));

export * from "./index.js";
