// The public API, the same in every runtime. The entry files add where the WebAssembly comes from, and `init`.

export { LatchgateError, type LatchgateErrorCode } from "./errors.js";
export { compile, loadPolicy } from "./load.js";
export { init, version } from "./ready.js";
export { resource } from "./resource.js";
export type * from "./types.js";
