// The caller brings the WebAssembly: for strict size budgets, for a shared or cached module, for runtimes nobody thought of.

import { imports as coreImports } from "./core.js";
import { start, startAsync } from "./runtime.js";
import type { WasmSource } from "./wasm.js";

/**
 * Gets the engine ready with the `.wasm` file of this package: its bytes, the `Response` of a fetch, a
 * `WebAssembly.Module`, an `Instance` made with {@link imports}, or a promise of one of them.
 */
export function init(wasm: WasmSource | PromiseLike<WasmSource>): Promise<void> {
  return startAsync(() => wasm);
}

/** The same at once, from bytes, a `WebAssembly.Module` or an `Instance`. */
export function initSync(wasm: WasmSource): void {
  start(wasm);
}

/** What a `WebAssembly.Instance` of the engine has to be given. */
export function imports(): Record<string, Record<string, any>> {
  return coreImports() as Record<string, Record<string, any>>;
}

export { version } from "./ready.js";
export type { ResponseLike, WasmSource } from "./wasm.js";
