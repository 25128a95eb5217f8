// The one decision that is made on this side: a question that cannot even be written down has no answer.

import type { Decision, SnapshotInfo } from "./types.js";

/** `what` is the subject of the sentence: "the record", "the question". */
export function invalidQuestion(info: SnapshotInfo, what: string, thrown: unknown): Decision {
  const { system, version, tenant } = info;
  const snapshot: Decision["snapshot"] = { system };
  if (version !== undefined) snapshot.version = version;
  if (tenant !== undefined) snapshot.tenant = tenant;
  const reason = thrown instanceof Error ? thrown.message.split("\n", 1)[0] : String(thrown);
  return { allowed: false, conditional: false, effect: "error", code: "invalid_question", status: 400, rule: null, message: `${what} cannot be written down: ${reason}`, grants: [], snapshot };
}
