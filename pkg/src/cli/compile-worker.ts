// Compiling happens in one call of the core; in a thread of its own it does not hold up who says how long it takes.

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type Context, type Counts, LatchgateError, type LatchgateErrorCode, type Layout, loadPolicy, type Policy, type PrincipalRef } from "./api.js";

export interface Job {
  /** The snapshot. */
  bytes: Uint8Array;
  /** Only what this one needs. */
  only?: { principal: PrincipalRef; context?: Context };
}

export interface Made {
  bytes: Uint8Array;
  bytesIn: number;
  system: string;
  counts: Counts;
  /** How many warnings the snapshot has that was given. */
  warnings: number;
  layout: Layout;
}

type Answer = { made: Made } | { error: { code: LatchgateErrorCode; message: string; path: string } };

/** What such a thread is told, so that it is known from other threads in which this file might run. */
const TASK = "latchgate compile";

export const isCompileWorker = !isMainThread && (workerData as { task?: unknown } | null)?.task === TASK;

/** The thread's whole work. */
export function compileHere(): void {
  const { job } = workerData as { job: Job };
  parentPort!.postMessage(answerTo(job));
}

function answerTo({ bytes, only }: Job): Answer {
  try {
    using policy = loadPolicy(bytes);
    if (only === undefined) return { made: madeOf(policy, policy.compiled(), bytes.length, policy) };
    const slice = policy.slice(only.principal, only.context);
    using part = loadPolicy(slice);
    return { made: madeOf(part, slice, bytes.length, policy) };
  } catch (thrown) {
    if (!(thrown instanceof LatchgateError)) throw thrown;
    return { error: { code: thrown.code, message: thrown.message, path: thrown.path } };
  }
}

function madeOf(policy: Policy, bytes: Uint8Array, bytesIn: number, given: Policy): Made {
  return { bytes, bytesIn, system: policy.system, counts: policy.counts, warnings: given.warnings.length, layout: policy.layout() };
}

/** Runs a job in a thread. Rejects with what `loadPolicy` throws. */
export function runInWorker(job: Job): Promise<Made> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { task: TASK, job } });
    worker.on("message", (answer: Answer) => {
      if ("made" in answer) resolve(answer.made);
      else reject(new LatchgateError(answer.error.code, answer.error.message, answer.error.path));
    });
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("the thread that compiles ended without an answer")));
  });
}
