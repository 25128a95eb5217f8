// Every document of the repository that is written for readers: what is tested, linked and packed.

import { readdirSync, readFileSync } from "node:fs";
import { inRoot } from "./paths.mjs";

const pagesIn = (folder) => readdirSync(inRoot(folder), { recursive: true }).filter((name) => name.endsWith(".md")).map((name) => `${folder}/${name.replaceAll("\\", "/")}`).sort();

/** README and the pages of `docs`: their programs and sessions run as they are printed. */
export const documents = ["README.md", "pkg/README.md", ...pagesIn("docs")];

export const textOf = (name) => readFileSync(inRoot(name), "utf8");

/** The fenced blocks of a document in one of these languages. */
export const blocksOf = (name, languages) => [...textOf(name).matchAll(new RegExp(`^\`\`\`(?:${languages})\\n([^]*?)^\`\`\`$`, "gm"))].map(([, block]) => block);
