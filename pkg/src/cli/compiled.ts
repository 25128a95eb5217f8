// How the command line speaks of compiled snapshots. What is in one the core says.

/** How a compiled snapshot is named where nobody names it. */
export const EXTENSION = ".lgsn";

/** `512 bytes`, `12.3 KB`, `4.0 MB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
