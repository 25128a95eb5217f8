// Compares a profile with its oracle on many cases and says how many there were, or shows the smallest case that differs.

import { inspect } from "node:util";
import { compare, PROFILES } from "./compare.mjs";
import { makeCase } from "./generate/cases.mjs";
import { shrink } from "./shrink.mjs";

/** Compares generated cases, by their numbers from `from` on. */
export function run(name, { seed, cases, from = 0 }) {
  return compareAll(name, generated(seed, from, from + cases));
}

function* generated(seed, from, to) {
  for (let number = from; number < to; number++) yield [`seed ${seed}, case ${number}`, makeCase(seed, number)];
}

/** What was compared: cases, questions, and how often each answer came. Throws on the first difference. `seen` is told of each question. */
export function compareAll(name, cases, seen = () => undefined) {
  const profile = PROFILES[name]();
  const counts = { cases: 0, questions: 0, answers: {} };
  for (const [title, one] of cases) {
    const compared = compare(profile, one);
    if (compared.some(differs)) throw new Error(`${name}, ${title}:\n${explain(profile, one)}`);
    counts.cases++;
    for (const { ask, expected, got } of compared) {
      seen(one, { ask, expected, got });
      counts.questions++;
      const key = `${ask.kind} ${expected}`;
      counts.answers[key] = (counts.answers[key] ?? 0) + 1;
    }
  }
  return counts;
}

const differs = ({ expected, got }) => expected !== got;

/** The smallest case that differs in the same way. */
export function explain(profile, one) {
  // A refusal must not turn into another difference on the way, nor the other way round.
  const way = ({ expected, got }) => (differs({ expected, got }) ? `${expected} ${got.replace(/:.*/, "")}` : "");
  const ways = new Set(compare(profile, one).map(way));
  ways.delete("");
  const smallest = shrink(one, (smaller) => compare(profile, smaller).some((compared) => ways.has(way(compared))));
  const [{ ask, expected, got }] = compare(profile, smallest).filter(differs);
  const { rules, options, user } = smallest;
  return [
    `  rules    ${JSON.stringify(rules)}`,
    ...(Object.keys(options).length > 0 ? [`  options  ${JSON.stringify(options)}`] : []),
    `  user     ${JSON.stringify(user)}`,
    `  ask      ${inspect(ask, { depth: null, breakLength: Infinity })}`,
    `  expected ${expected}`,
    `  got      ${got}`,
    `  see      ${sections(ask, rules).join(", ")}`,
  ].join("\n");
}

/** Where it stands what should have come. */
function sections({ kind, field }, rules) {
  const text = JSON.stringify(rules);
  const found = ["casl 1.2 (precedence)"];
  if (kind === "type") found.push("casl 1.5, A5 (type checks)");
  if (kind === "filter") found.push("casl 1.8, A14, A15, A23, A25 (lists)");
  if (field !== undefined || text.includes('"fields"')) found.push("casl 1.6, A11 (fields)");
  if (kind === "instance" && text.includes('"conditions"')) found.push("casl 1.7, A6, A7, A22, A25 (conditions)");
  if (text.includes("${user.id}")) found.push("A9 (substitution)");
  if (text.includes("userEmail")) found.push("A10 (e-mail)");
  return found;
}
