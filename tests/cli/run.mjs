// Spawns the built command line, as a user would. No test here imports the package.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
export const CLI = fileURLToPath(new URL("pkg/dist/cli.js", root));
export const SNAPSHOTS = fileURLToPath(new URL("tests/vectors/snapshots", root));
export const VECTORS = fileURLToPath(new URL("tests/vectors/decisions.json", root));
export const vectors = JSON.parse(readFileSync(VECTORS, "utf8")).vectors;
export const snapshot = (name) => join(SNAPSHOTS, `${name}.json`);

/** `binary` leaves standard output as bytes. @returns {Promise<{code: number, stdout: string, stderr: string}>} */
export function run(args, { input, env = {}, binary = false } = {}) {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: "pipe",
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, NODE_OPTIONS: undefined, ...env },
  });
  const out = [];
  let stderr = "";
  child.stdout.on("data", (chunk) => out.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  child.stdin.on("error", () => {}); // it may end before it has read everything
  child.stdin.end(input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code, stdout: binary ? Buffer.concat(out) : Buffer.concat(out).toString("utf8"), stderr }));
  });
}

/** A folder for one test file; `write` puts a file there and returns its path. */
export function scratch(context) {
  const folder = mkdtempSync(join(tmpdir(), "latchgate-cli-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write(name, content) {
      const file = join(folder, name);
      writeFileSync(file, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
      return file;
    },
  };
}

export const lines = (text) => text.split("\n").filter((line) => line !== "");
