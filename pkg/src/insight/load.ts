// A snapshot → policy that can be asked about as a whole; and a snapshot → the one that edits make of it.

import { core } from "../bytes.js";
import { edit as editCore } from "../core.js";
import { argumentError } from "../errors.js";
import { admitted, read, refuseBentNumbers } from "../source.js";
import type { LoadOptions, SnapshotSource } from "../types.js";
import { InsightPolicyHandle } from "./policy.js";
import type { Edit, Edited, InsightPolicy } from "./types.js";

/** As `loadPolicy` of `latchgate`; the policy can also be asked about as a whole. */
export function loadPolicy<P extends string = string>(source: SnapshotSource, options?: LoadOptions): InsightPolicy<P> {
  return read(InsightPolicyHandle, source, options?.strict) as unknown as InsightPolicy<P>;
}

/**
 * Applies requests of the system's own API to a snapshot, in order, all or none: a new snapshot in the system's own shape, or the
 * refusal that its server would give. The one that was given stays as it is.
 *
 * Throws a {@link LatchgateError} where the snapshot does not load, or something is no edit at all (`ERR_ARGUMENT`).
 */
export function edit(snapshot: SnapshotSource, edits: Edit | readonly Edit[]): Edited {
  const bytes = admitted(snapshot);
  let text: string | undefined;
  try {
    text = JSON.stringify(edits, refuseBentNumbers);
  } catch (cause) {
    throw argumentError("the edits cannot be written as JSON", cause);
  }
  if (text === undefined) throw argumentError("an edit or a list of edits is needed");
  return JSON.parse(core(() => editCore(bytes, new TextEncoder().encode(text)))) as Edited;
}
