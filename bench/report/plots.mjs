// The curves of a run, a file each.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chart } from "./chart.mjs";

export function writePlots(growth, folder) {
  mkdirSync(folder, { recursive: true });
  return Object.entries(growth).map(([name, { axis, series }]) => {
    const file = join(folder, `${name}.svg`);
    writeFileSync(file, chart({ title: `One check: ${axis}`, axis, series }));
    return file;
  });
}
