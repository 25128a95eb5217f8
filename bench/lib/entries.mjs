// The entries of the built package, as its manifest lists them.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../pkg/", import.meta.url);
// A WebAssembly module in base64 begins so.
const INLINE = "AGFzbQ";

/** Each entry with the WebAssembly file that has to be downloaded with it; none where the JavaScript carries it. */
export function ourEntries() {
  const { exports } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
  const wasmFiles = Object.entries(exports).filter(([path]) => path.endsWith(".wasm"));
  return Object.entries(exports)
    .filter(([path, target]) => !/\.\w+$/.test(path) && typeof target === "object")
    .map(([path, target]) => {
      const file = new URL(fileOf(target), root);
      const inlined = existsSync(file) && readFileSync(file, "utf8").includes(INLINE);
      const reader = path.startsWith("./reader");
      const [, wasm] = wasmFiles.find(([name]) => name.includes("reader") === reader) ?? [];
      return {
        name: `latchgate${path.slice(1)}`,
        source: `export * from "latchgate${path.slice(1)}";`,
        inlined,
        wasm: inlined || wasm === undefined ? [] : [fileURLToPath(new URL(wasm, root))],
      };
    });
}

/** Whether the built package has what a measurement needs: an entry, a compiled document. */
export const hasEntry = (path) => ourEntries().some(({ name }) => name === path);

const fileOf = (target) => (typeof target === "string" ? target : fileOf(target.browser ?? target.import ?? target.default));
