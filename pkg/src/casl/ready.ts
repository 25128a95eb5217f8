import { provided, startAsync } from "../runtime.js";

/**
 * Gets the engine ready without blocking. Only a browser that refuses to compile WebAssembly at once needs it, before the first
 * question; elsewhere it may be left out. Nothing is fetched.
 */
export function init(): Promise<void> {
  return startAsync(provided);
}
