// Where things are.

import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

export const here = at("../");
export const cache = at("../.cache/");
export const results = at("../results/");
export const plots = at("../../docs/bench/");
export const benchmarkPage = at("../../docs/benchmark.md");
export const readme = at("../../README.md");
