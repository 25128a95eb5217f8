// Writes cases and the oracles' answers down, one case a line, for those who cannot ask CASL: the native core and its mutants.

import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeCase } from "./generate/cases.mjs";
import { PROFILES } from "./compare.mjs";
import { committed } from "./committed.mjs";

/** Records so many cases of each profile, the committed ones first; how many questions there are. */
export function record(file, { seed, cases }) {
  mkdirSync(dirname(file), { recursive: true });
  const to = openSync(file, "w");
  let questions = 0;
  for (const [name, make] of Object.entries(PROFILES)) {
    const profile = make();
    const all = [...committed(name), ...Array.from({ length: cases }, (_, number) => makeCase(seed, number))];
    for (const one of all) {
      const asked = profile.oracle(one);
      const expected = one.asks.map((ask) => ({ principal: "who", ask: written(ask), expected: asked(ask) }));
      writeSync(to, `${JSON.stringify({ snapshot: profile.snapshot(one), questions: expected })}\n`);
      questions += expected.length;
    }
  }
  closeSync(to);
  return questions;
}

const written = ({ kind, action, subject, record, field }) =>
  kind === "filter" ? { kind, actions: [action], subject } : { kind, action, subject, object: record, field };
