// Writes cases and the oracles' answers down, one case a line, for those who cannot ask CASL: the native core and its mutants.

import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeCase } from "./generate/cases.mjs";
import { PROFILES } from "./compare.mjs";
import { committed } from "./committed.mjs";

/** Records so many cases of each profile, the committed ones first; how many questions there are. */
export function record(file, { seed, cases, make: made = makeCase }) {
  mkdirSync(dirname(file), { recursive: true });
  const to = openSync(file, "w");
  let questions = 0;
  for (const [name, make] of Object.entries(PROFILES)) {
    const profile = make();
    const all = [...committed(name), ...Array.from({ length: cases }, (_, number) => made(seed, number))];
    for (const one of all.filter(isForAnyHost)) {
      const asked = profile.oracle(one);
      const expected = one.asks.map((ask) => ({ principal: "who", ask: written(ask), expected: asked(ask) }));
      writeSync(to, `${JSON.stringify({ snapshot: profile.snapshot(one), questions: expected })}\n`);
      questions += expected.length;
    }
  }
  closeSync(to);
  return questions;
}

/**
 * Natively a record is plain data, which has the members that all objects have and not the methods of texts and lists; and what the flag
 * `v` refuses is not all refused: both are for a JavaScript host alone.
 */
function isForAnyHost({ rules, isStrange, asks }) {
  const isMethod = (step) => !(step in Object.prototype) && step !== "length" && [String, Array, Number, Boolean].some(({ prototype }) => step in prototype);
  const isMethodAsked = Object.keys(paths(rules)).some((path) => path.split(".").some(isMethod));
  return !isStrange && !isMethodAsked && !asks.some(({ record }) => Array.isArray(record)) && !/"\$options":"u?v"/.test(JSON.stringify(rules));
}

/** The keys of all objects in it, as keys. */
function paths(value, found = Object.create(null)) {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    found[key] = true;
    paths(inner, found);
  }
  return found;
}

const written = ({ kind, action, subject, record, field }) =>
  kind === "filter" ? { kind, actions: [action], subject } : { kind, action, subject, object: record, field };
