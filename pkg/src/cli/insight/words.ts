// Parts of answers in plain words, which several commands print.

import type { Decision } from "../api.js";
import { viaWords } from "../explain.js";
import type { Cause, Change, DiffGroup, HolderRef, Rules, Step } from "../../insight/types.js";
import { COLUMNS, fold, type Paint, plural, printable, width } from "../text.js";

type Grant = Decision["grants"][number];

/** `role viewer`; `their own grants` */
export function holderWords({ type, id }: HolderRef): string {
  if (type === "direct") return `the own grants of ${id}`;
  return `${type === "accessControl" ? "access control" : type} ${id}`;
}

/** How each grant is held, each way once. */
export function heldWords(held: readonly Grant[]): string[] {
  return [...new Set(held.map(({ via }) => viaWords(via).replace(/^held through /, "")))];
}

/** For which records: a line for each rule, in the order in which they are looked at. */
export function whenWords(when: Rules | undefined): string[] {
  if (when === undefined) return [];
  const words = when.rules.map(({ effect, conditions, unbound, fields }) => {
    const on = fields === undefined ? "" : ` on ${fields.join(", ")}`;
    if (unbound) return `${effect === "allow" ? "never, " : "not, "}because a value it needs is not there${on}`;
    const condition = conditions === undefined ? "always" : `if ${conditionWords(conditions)}`;
    return `${effect === "deny" ? "not " : ""}${condition}${on}`;
  });
  return when.decides === "first" && words.length > 1 ? ["the first that applies:", ...words] : words;
}

/** Attributes that have to be equal are said so; everything else as it is written. */
function conditionWords(conditions: unknown): string {
  const tests = typeof conditions === "object" && conditions !== null ? Object.entries(conditions) : [];
  const plain = tests.length > 0 && tests.every(([name, value]) => !name.startsWith("$") && (typeof value !== "object" || value === null));
  return plain ? tests.map(([name, value]) => `${name} is ${JSON.stringify(value)}`).join(" and ") : JSON.stringify(conditions);
}

/** What caused a change. */
export function causeWords(cause: Cause): string {
  switch (cause.kind) {
    case "principal":
      return `${cause.principal} was ${cause.change}`;
    case "assignment":
      return cause.change === "added" ? `${cause.principal} was given ${holderWords(cause.holder)}` : `${holderWords(cause.holder)} was taken from ${cause.principal}`;
    case "holder":
      return `${holderWords(cause.holder)} was ${cause.change}`;
    case "inclusion":
      return `${holderWords(cause.holder)} ${cause.change === "added" ? "now includes" : "no longer includes"} ${holderWords(cause.includes)}`;
    case "grant":
      return `${holderWords(cause.holder)} ${cause.change === "added" ? "now" : "no longer"} ${cause.effect === "deny" ? "denies" : "grants"} ${cause.permission}`;
    default:
      return "something that holds for the whole snapshot was changed";
  }
}

/** What has to be done. */
export function stepWords(step: Step): string {
  switch (step.change) {
    case "assign": {
      const instead = step.replaces === undefined ? "" : ` instead of ${step.replaces.map(holderWords).join(" and ")}`;
      return `give ${step.principal} the ${holderWords(step.holder)}${instead}`;
    }
    case "unassign":
      return `take the ${holderWords(step.holder)} from ${step.principal}`;
    case "grant":
      return `grant ${step.permission} to ${holderWords(step.holder)}`;
    default:
      return `take the ${step.effect} on ${step.permission} from ${holderWords(step.holder)}`;
  }
}

const SIGNS = { gain: "+", loss: "-", conditions: "~" } as const;
const COLOURS = { gain: "green", loss: "red", conditions: "yellow" } as const;

function changeWords({ principal, permission, kind, whenBefore, whenAfter }: Change, column: number, paint: Paint): string {
  let out = `    ${paint(COLOURS[kind], SIGNS[kind])} ${`${printable(principal)}`.padEnd(column)}  ${printable(permission)}\n`;
  const hang = " ".repeat(8 + column);
  for (const line of whenWords(whenBefore)) out += `${hang}${paint("dim", `was  ${printable(line)}`)}\n`;
  for (const line of whenWords(whenAfter)) out += `${hang}${paint("dim", `is   ${printable(line)}`)}\n`;
  return out;
}

/** Changes under what caused them: `+` gained, `-` lost, `~` allowed for other records. */
export function groupLines(groups: readonly DiffGroup[], paint: Paint): string {
  return groups
    .map(({ cause, changes }) => {
      const column = Math.max(...changes.map(({ principal }) => width(printable(principal))));
      const head = fold(printable(causeWords(cause)), COLUMNS - 2).map((line) => `  ${paint("bold", line)}\n`);
      return head.join("") + changes.map((change) => changeWords(change, column, paint)).join("");
    })
    .join("\n");
}

/** `2 gained, 1 lost`, or `nothing` */
export function countsWords({ gained, lost, changed }: { gained: number; lost: number; changed: number }): string {
  const some = [gained > 0 && `${plural(gained, "permission")} gained`, lost > 0 && `${lost} lost`, changed > 0 && `${changed} for other records`].filter(Boolean);
  return some.join(", ") || "no difference";
}

/** How the next page is had. */
export const nextLine = (next: string | undefined, shown: number, total: number, paint: Paint): string =>
  next === undefined ? "" : `\n  ${paint("dim", `${shown} of ${total}; go on with --cursor ${next}`)}\n`;
