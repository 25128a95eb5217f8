// The one decision that is made on this side: a question that cannot even be written down has no answer.

import type { Decision, SnapshotInfo } from "./types.js";

/**
 * Of a question that is longer than the core takes, as much as it needs to refuse it: memory that WebAssembly has taken for
 * a text it never gives back. Each UTF-16 unit is a byte at the least.
 */
export const clip = (text: string, most: number): string => (text.length > most ? text.slice(0, most + 1) : text);

/** `what` is the subject of the sentence: "the record", "the question". */
export function invalidQuestion(info: SnapshotInfo, what: string, thrown: unknown): Decision {
  const { system, version, tenant } = info;
  const snapshot: Decision["snapshot"] = { system };
  if (version !== undefined) snapshot.version = version;
  if (tenant !== undefined) snapshot.tenant = tenant;
  const reason = thrown instanceof Error ? thrown.message.split("\n", 1)[0] : String(thrown);
  return { effect: "error", code: "invalid_question", status: 400, rule: null, message: `${what} cannot be written as JSON: ${reason}`, grants: [], snapshot };
}
