// Runs one worker in workerd and fetches from it.

import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";

/** Bundles as wrangler does: its conditions, and `.wasm` files as modules beside the script. */
export async function bundleWorker(entry, outdir, { compatibilityDate = "2025-05-05" } = {}) {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [entry],
    outdir,
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    loader: { ".wasm": "copy" },
    logLevel: "warning",
  });
  const script = `${basename(entry).replace(/\.\w+$/, "")}.js`;
  const modules = [`(name = "${script}", esModule = embed "${script}")`];
  for (const file of readdirSync(outdir).filter((name) => name.endsWith(".wasm"))) modules.push(`(name = "${file}", wasm = embed "${file}")`);
  writeFileSync(join(outdir, "config.capnp"), config(modules, compatibilityDate));
}

const config = (modules, date) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [${modules.join(", ")}], compatibilityDate = "${date}"))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

/** Starts the bundled worker, asks it once, and stops it. */
export async function fetchFromWorker(folder) {
  const workerd = createRequire(import.meta.url)("workerd").default;
  // workerd reports the port it got on the fourth stream.
  const child = spawn(workerd, ["serve", "--control-fd=3", "config.capnp"], { cwd: folder, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const said = [];
  child.stdout.on("data", (chunk) => said.push(chunk));
  child.stderr.on("data", (chunk) => said.push(chunk));
  try {
    const port = await portOf(child, said);
    const response = await fetch(`http://127.0.0.1:${port}/`);
    const text = await response.text();
    if (!response.ok) throw new Error(`the worker answered ${response.status}: ${text}\n${Buffer.concat(said)}`);
    return text;
  } finally {
    child.kill();
  }
}

function portOf(child, said) {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdio[3] }).on("line", (line) => {
      const message = JSON.parse(line);
      if (message.event === "listen") resolve(message.port);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`workerd ended with ${code} before it listened:\n${Buffer.concat(said)}`)));
  });
}
