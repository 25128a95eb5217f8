// The free question: what is typed → what is asked, and examples to start from.

import type { Ask, System } from "latchgate";

const EXAMPLES: Partial<Record<System, { permission: string; request: string; action: string }>> = {
  hantera: { permission: "actors/order:applyCommands:setNotes", request: "GET /resources/iam/roles", action: "read order" },
  emporix: { permission: "iam.group_manage", request: "GET /iam/yourtenant/groups", action: "read group" },
  "open-archiver": { permission: "read archive", request: "GET /v1/users", action: 'delete archive {"id":"m1","ingestionSource":{"userId":"11111111-1111-4111-8111-111111111111"}}' },
  kura: { permission: "rest.identity", request: "GET services/identity/v1/identities", action: "read identity" },
  ithbat: { permission: "report:read", request: "GET /api/v1/permissions", action: "read report" },
};

/** How each kind of question is written. */
export const HINTS: Record<string, string> = {
  permission: "A permission, scope or ACE in the system's own spelling; several, separated by commas: all of them.",
  request: "Method, blank, path.",
  action: "Action, blank, type of record; then, if you like, a record as JSON.",
  json: 'The whole question: {"kind": …}.',
};

/** Something that this system understands. */
export function exampleOf(system: System | undefined, kind: string): string {
  if (kind === "json") return '{"kind": "permission", "anyOf": ["a:read", "a:write"]}';
  const examples = system === undefined ? undefined : EXAMPLES[system];
  return examples?.[kind as keyof typeof examples] ?? "";
}

/** Whatever is typed is answered; what cannot be read is sent on as it is, so that the engine says what is wrong with it. */
export function typedAsk(kind: string, text: string): Ask {
  const [first = "", second = "", ...rest] = text.split(/\s+/);
  switch (kind) {
    case "request":
      return { kind: "route", method: first, path: [second, ...rest].join(" ") };
    case "action": {
      const json = text.slice(text.indexOf(second, first.length) + second.length).trim();
      return json === "" ? { kind: "type", action: first, subject: second } : { kind: "instance", action: first, subject: second, object: JSON.parse(json) };
    }
    case "json":
      return JSON.parse(text);
    default:
      return permissionAsk(text.split(",").map((name) => name.trim()));
  }
}

function permissionAsk(names: string[]): Ask {
  const [only = "", ...others] = names;
  return others.length === 0 ? { kind: "permission", permission: only } : { kind: "permission", allOf: names };
}

/** An ask in one line. */
export function spell(question: Ask): string {
  switch (question.kind) {
    case "route":
      return `${question.method} ${question.path}`;
    case "instance":
      return `${question.action} ${question.subject} (this record)`;
    case "type":
      return `${question.action} ${question.subject} (any)`;
    case "filter":
      return `list ${question.subject} for ${question.actions.join(", ")}`;
    default:
      if ("allOf" in question) return `all of ${question.allOf.join(", ")}`;
      return "anyOf" in question ? `any of ${question.anyOf.join(", ")}` : question.permission;
  }
}
