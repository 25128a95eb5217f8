// What the figures were taken on, and the versions that took part.

import { readFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { adapterOf } from "../adapters/registry.mjs";
import { here } from "./paths.mjs";

export const machine = () => ({ cpu: os.cpus()[0]?.model ?? "unknown", cores: os.cpus().length, node: process.version, v8: process.versions.v8, platform: `${process.platform} ${process.arch}` });

const manifest = (...path) => JSON.parse(readFileSync(join(here, ...path, "package.json"), "utf8"));

export async function versions(engines) {
  const found = { latchgate: manifest("..", "pkg").version };
  for (const name of engines) {
    const { package: id } = await adapterOf(name);
    if (id) found[id] = manifest("node_modules", id).version;
  }
  return found;
}
