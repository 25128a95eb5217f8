// `latchgate/insight/slim`.

export { LatchgateError, type LatchgateErrorCode } from "../errors.js";
export { compile } from "../load.js";
export { edit, findings, lint, loadPolicy } from "./load.js";
export { resource } from "../resource.js";
export * from "../bring.js";
export type * from "../types.js";
export type * from "./types.js";
