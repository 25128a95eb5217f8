import { core_version } from "./core.js";
import { provided, start, startAsync } from "./runtime.js";

/**
 * Gets the engine ready without blocking. In browsers await it once before `loadPolicy`; elsewhere it may be left out.
 * Nothing is fetched: the engine is part of the package.
 */
export function init(): Promise<void> {
  return startAsync(provided);
}

/** The version of the engine, which is the version of the package. */
export function version(): string {
  start();
  return core_version();
}
