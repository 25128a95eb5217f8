// Where things are, from the root of the repository.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const inRoot = (...parts) => join(root, ...parts);

/** The Rust crate is the root itself. */
export const crate = root;

export const build = inRoot("build");
export const tools = inRoot("build", "tools");
export const gen = inRoot("build", "gen");
export const dist = inRoot("pkg", "dist");
export const vectors = inRoot("tests", "vectors");
