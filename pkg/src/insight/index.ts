// The public API of `latchgate/insight`, the same in every runtime: that of `latchgate`, and questions about whole snapshots. The entry
// files add where the WebAssembly comes from, and `init`.

export { LatchgateError, type LatchgateErrorCode } from "../errors.js";
export { compile } from "../load.js";
export { init, version } from "../ready.js";
export { edit, findings, lint, loadPolicy } from "./load.js";
export { resource } from "../resource.js";
export type * from "../types.js";
export type * from "./types.js";
