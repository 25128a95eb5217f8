// The entries of the built package, as its manifest lists them.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../pkg/", import.meta.url);

/** Each entry with the WebAssembly file that belongs to it. */
export function ourEntries() {
  const { exports } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
  const wasmFiles = Object.entries(exports).filter(([path]) => path.endsWith(".wasm"));
  return Object.entries(exports)
    .filter(([path]) => path === "." || !/\.\w+$/.test(path))
    .map(([path]) => {
      const build = ["reader", "casl", "insight"].find((name) => path.startsWith(`./${name}`)) ?? "core";
      // What asks for no decision has no core.
      const [, wasm] = path === "./casl/extra" ? [] : (wasmFiles.find(([name]) => name === `./${build}.wasm`) ?? []);
      const name = `latchgate${path.slice(1)}`;
      return { name, source: `export * from "${name}";`, wasm: wasm ? [fileURLToPath(new URL(wasm, root))] : [] };
    });
}

/** Whether the built package has what a measurement needs: an entry, a compiled document. */
export const hasEntry = (path) => ourEntries().some(({ name }) => name === path);
