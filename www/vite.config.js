import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Relative addresses: the page can be put into any folder of any server.
  base: "./",
  // The engine travels inside the script as base64, which is more than Vite expects of a chunk.
  build: { target: "es2022", outDir: "dist", emptyOutDir: true, chunkSizeWarningLimit: 2000 },
  // The recorded snapshots lie beside this folder, in tests/vectors.
  server: { fs: { allow: [".."] } },
});
