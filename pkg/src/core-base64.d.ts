// core.wasm as text, put in place by scripts/build.mjs.
export const base64: string;
