// Questions: from a vector or a stdin line to what the core is asked, and back to words.

import type { Question } from "./api.js";
import { CliError } from "./errors.js";
import { isObject } from "./json.js";

/** What a vector says besides the question. The core never sees these; whatever else a line holds, it does. */
const VECTOR_ONLY = new Set(["id", "system", "snapshot", "policies", "expected", "code", "status", "rule", "certainty", "basis", "note"]);

/** What belongs into `context`. Beside it, it would be overlooked, and a bound that is overlooked allows too much. */
const CONTEXT = ["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "attributes", "claims", "now"];

export function questionOf(line: Record<string, unknown>): Question {
  const stray = CONTEXT.find((key) => Object.hasOwn(line, key));
  if (stray !== undefined) throw new CliError("ERR_ARGUMENT", `\`${stray}\` belongs into \`context\``);
  return Object.fromEntries(Object.entries(line).filter(([key]) => !VECTOR_ONLY.has(key))) as unknown as Question;
}

/** `p-agent` · `(nobody)` · `claims of u-7` */
export function principalWords(principal: unknown): string {
  if (principal === null || principal === undefined) return "(nobody logged in)";
  if (typeof principal === "string") return principal;
  if (!isObject(principal)) return JSON.stringify(principal);
  const name = principal.sub ?? principal.userId ?? principal.id ?? principal.name;
  return typeof name === "string" ? `claims of ${name}` : "claims";
}

/** A question in one line, in the spelling a person would type. */
export function askWords(ask: unknown): string {
  if (!isObject(ask)) return JSON.stringify(ask) ?? "(no question)";
  const subject = `${words(ask.action)} ${words(ask.subject)}${ask.field === undefined ? "" : ` (field ${words(ask.field)})`}`;
  const extra = contextWords(ask);
  switch (ask.kind) {
    case "route":
      return `${words(ask.method)} ${words(ask.path)}${hasEntries(ask.attributes) ? ` ${JSON.stringify(ask.attributes)}` : ""}${extra}`;
    case "filter":
      return `list of ${words(ask.subject)} for ${words(ask.actions)}${extra}`;
    case "type":
      return `${subject} (any)${extra}`;
    case "instance":
      return `${subject} ${JSON.stringify(ask.object)}${extra}`;
  }
  if (Array.isArray(ask.allOf)) return `all of [${ask.allOf.map(words).join(", ")}]${extra}`;
  if (Array.isArray(ask.anyOf)) return `any of [${ask.anyOf.map(words).join(", ")}]${extra}`;
  return `${words(ask.permission)}${extra}`;
}

function contextWords(ask: Record<string, unknown>): string {
  const parts: string[] = [];
  if (ask.tenant !== undefined) parts.push(`tenant ${words(ask.tenant)}`);
  if (ask.auth !== undefined) parts.push(`auth ${words(ask.auth)}`);
  if (ask.sessionScopes !== undefined) parts.push(`session scopes ${words(ask.sessionScopes)}`);
  if (ask.layer !== undefined) parts.push(`layer ${words(ask.layer)}`);
  return parts.length === 0 ? "" : ` · ${parts.join(", ")}`;
}

function words(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(words).join(", ");
  return JSON.stringify(value) ?? "?";
}

function hasEntries(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}
