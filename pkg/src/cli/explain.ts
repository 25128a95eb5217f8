// A decision in plain words.

import type { Decision } from "./api.js";
import { ruleWords } from "./rules.js";
import { behind, fields, pad, printable, width, wrap, type Paint } from "./text.js";

type Grant = Decision["grants"][number];
type Step = Grant["via"][number];

const HELD: Record<string, string> = {
  role: "role",
  group: "group",
  accessControl: "access control",
  template: "template",
};

function stepWords(step: Step): string {
  if (step.kind === "direct") return "granted directly";
  if (step.kind === "token") return "said by the token";
  const name = step.name !== undefined && step.name !== step.id ? ` (${step.name})` : "";
  return `${HELD[step.kind] ?? step.kind} ${step.id}${name}`;
}

/** `held through group g-view → access control ac-group-view → role role-viewer (Viewer)` */
export function viaWords(via: readonly Step[]): string {
  if (via.length === 0) return "";
  const steps = via.map(stepWords).join(" → ");
  return via[0]!.kind === "direct" || via[0]!.kind === "token" ? steps : `held through ${steps}`;
}

/** So many columns before what is folded. */
const MOST_BEFORE = 48;

/** Every grant on one line, the ways in which they are held in one column, then its reason and its place in the snapshot. */
export function grantLines(grants: readonly Grant[], paint: Paint, indent = "    "): string {
  const column = Math.max(0, ...grants.map((grant) => width(printable(grant.permission))));
  let out = "";
  for (const grant of grants) {
    const effect = paint(grant.effect === "allow" ? "green" : "red", pad(grant.effect, 5));
    const held = [viaWords(grant.via), grant.conditional ? "under a condition" : ""].filter(Boolean).join(", ");
    const head = `${indent}${effect}  ${pad(printable(grant.permission), column)}  `;
    const hang = indent + " ".repeat(7);
    // Behind a long permission there is no room for the way to it.
    if (indent.length + 9 + column <= MOST_BEFORE) out += behind(head, indent.length + 9 + column, printable(held));
    else out += `${head.trimEnd()}\n${held === "" ? "" : wrap(printable(held), hang)}`;
    if (grant.reason !== undefined) out += behind(`${hang}${paint("dim", "reason: ")}`, hang.length + 8, printable(grant.reason));
  }
  return out;
}

export function effectWord(effect: string, paint: Paint): string {
  const colour = effect === "allow" || effect === "all" ? "green" : effect === "error" ? "magenta" : effect === "conditions" ? "yellow" : "red";
  return paint(["bold", colour], effect.toUpperCase());
}

/** The whole answer: headline, sentence, facts, deciding grants. */
export function explain(decision: Decision, question: { principal: string; ask: string }, paint: Paint): string {
  const { system, tenant, version } = decision.snapshot;
  const rows: [string, string][] = [];
  if (decision.filter !== undefined) rows.push(["records", FILTER_WORDS[decision.filter] ?? decision.filter]);
  rows.push(["principal", printable(question.principal)]);
  rows.push(["code", decision.code]);
  rows.push(["status", String(decision.status)]);
  rows.push(["rule", decision.rule === null ? "none" : ruleWords(decision.rule)]);
  rows.push(["snapshot", printable([system, tenant && `tenant ${tenant}`, version && `version ${version}`].filter(Boolean).join(", "))]);
  const some = decision.conditional && decision.filter === undefined ? ` ${paint("yellow", "for some records")}` : "";
  const shown = decision.effect.length + (some === "" ? 0 : " for some records".length) + 2;
  let out = behind(`${effectWord(decision.effect, paint)}${some}  `, shown, printable(question.ask));
  out += `\n${wrap(printable(decision.message), "  ")}\n${fields(rows, paint)}`;
  if (decision.grants.length > 0) out += `\n  ${paint("dim", decision.grants.length === 1 ? "deciding grant" : "deciding grants")}\n${grantLines(decision.grants, paint)}`;
  return out;
}

const FILTER_WORDS: Record<string, string> = {
  all: "all of them",
  none: "none of them",
  conditions: "those that meet the conditions of the grants",
};
