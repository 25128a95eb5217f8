// `latchgate/reader/slim`.

export { LatchgateError, type LatchgateErrorCode } from "./errors.js";
export { loadPolicy } from "./open.js";
export { resource } from "./resource.js";
export * from "./bring.js";
export type * from "./types.js";
