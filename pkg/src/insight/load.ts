// A snapshot → policy that can be asked about as a whole; and a snapshot → the one that edits make of it.

import { checkOptions } from "../arguments.js";
import { core } from "../bytes.js";
import { edit as editCore, findings as findingsCore, lint as lintCore, load, load_strict } from "../core.js";
import { argumentError } from "../errors.js";
import { jsonOf } from "../json.js";
import { admitted } from "../source.js";
import { decoder } from "../utf8.js";
import type { SnapshotSource } from "../types.js";
import { InsightPolicyHandle } from "./policy.js";
import type { Edit, Edited, FindingOptions, Findings, InsightPolicy, Lint, StrictOptions } from "./types.js";

/**
 * As `loadPolicy` of `latchgate`; the policy can also be asked about as a whole. With `strict` a snapshot is refused in which a policy
 * fails open, fails or does nothing (`ERR_STRICT`, with all `lints`).
 */
export function loadPolicy<P extends string = string>(source: SnapshotSource, options?: StrictOptions): InsightPolicy<P> {
  checkOptions(options, "recordType", "strict", "clock");
  const strict = options?.strict;
  if (strict !== undefined && typeof strict !== "boolean") throw argumentError("`strict` is a boolean");
  const bytes = admitted(source);
  try {
    return new InsightPolicyHandle(core(() => (strict ? load_strict(bytes) : load(bytes))), options) as unknown as InsightPolicy<P>;
  } catch (thrown) {
    // Looked for once more, so that an error crosses as every other one does.
    if ((thrown as { code?: unknown }).code === "ERR_STRICT") Object.assign(thrown as object, { lints: lintsOf(bytes) });
    throw thrown;
  }
}

/**
 * What is wrong with the policies of a snapshot though it loads, in the order of its text: every one that fails open, fails, does nothing or
 * surprises.
 *
 * Throws as {@link loadPolicy}; `ERR_ARGUMENT` for a compiled snapshot, which has no places to name.
 */
export function lint(source: SnapshotSource): Lint[] {
  return lintsOf(admitted(source));
}

function lintsOf(bytes: Uint8Array): Lint[] {
  return JSON.parse(core(() => lintCore(bytes))) as Lint[];
}

/**
 * What is odd about a whole snapshot, each with a `witness`: the steps that prove it. Holders without grants or without anybody who holds
 * them, roles that come to the same, grants that add nothing, principals with nothing or with more than their roles give, wildcards and how
 * far they reach, ways to more rights, and who holds both permissions of a pair in `sod`.
 *
 * Throws as {@link lint}; `ERR_ARGUMENT` for options that cannot be read.
 */
export function findings(source: SnapshotSource, options: FindingOptions = {}): Findings {
  const bytes = admitted(source);
  return JSON.parse(core(() => findingsCore(bytes, decoder().decode(jsonOf(options, "the options", 2))))) as Findings;
}

/**
 * Applies requests of the system's own API to a snapshot, in order, all or none: a new snapshot in the system's own shape, or the
 * refusal that its server would give. The one that was given stays as it is.
 *
 * Throws a {@link LatchgateError} where the snapshot does not load, or something is no edit at all (`ERR_ARGUMENT`).
 */
export function edit(snapshot: SnapshotSource, edits: Edit | readonly Edit[]): Edited {
  const bytes = admitted(snapshot);
  if (edits === undefined) throw argumentError("an edit or a list of edits is needed");
  const requests = jsonOf(edits, "the edits", 2);
  return JSON.parse(core(() => editCore(bytes, requests))) as Edited;
}
