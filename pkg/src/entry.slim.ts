// `latchgate/slim`.

export { LatchgateError, type LatchgateErrorCode } from "./errors.js";
export { compile, loadPolicy } from "./load.js";
export { resource } from "./resource.js";
export * from "./bring.js";
export type * from "./types.js";
