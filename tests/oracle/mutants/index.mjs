// Deliberate mistakes in the engine, each of which the oracle's cases have to catch: text that stands in a file just once, what stands
// there instead, and what is wrong then.

import { readFileSync } from "node:fs";
import { CONDITION_MUTANTS } from "./conditions.mjs";
import { RULE_MUTANTS } from "./rules.mjs";

export const MUTANTS = [...RULE_MUTANTS, ...CONDITION_MUTANTS];

const root = new URL("../../../", import.meta.url);

/** The file with the mistake in it; throws where the text does not stand there just once. */
export function mutated({ file, find, replace, why }) {
  const text = readFileSync(new URL(file, root), "utf8");
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`the mutant “${why}” does not apply: its text stands ${times} times in ${file}`);
  return text.replace(find, () => replace);
}
