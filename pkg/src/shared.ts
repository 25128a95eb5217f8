// What a policy and the principals taken from it have in common.

import type { RawPolicy } from "./core.js";
import type { Names } from "./intern.js";
import type { RecordWriter } from "./record.js";
import type { SnapshotInfo } from "./types.js";

/** What principals share with the policy they were taken from, and outlives it. */
export interface Shared {
  readonly names: Names;
  readonly writeRecord: RecordWriter;
  readonly info: SnapshotInfo;
  /** How long a question may be, in bytes. */
  readonly longest: number;
  /** `undefined` once the policy is freed: names met for the first time are then asked for in full. */
  raw: RawPolicy | undefined;
}
