// A question about a whole snapshot is one call of the core; in a thread of its own it does not hold up who says how long it takes.
// The entry that answers such questions is loaded there alone: the other commands start without it.

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Context, LatchgateErrorCode, PrincipalRef } from "../api.js";
import { CliError, type Problem, problemOf } from "../errors.js";
import { fileWords, readBytes } from "../files.js";
import { Steps } from "../progress.js";
import type { Asked, Diff, Edit, Edited, List, Suggestions, Who, Why } from "../../insight/types.js";

export interface Part {
  limit?: number;
  cursor?: string;
}

/** What can be asked, and what comes of it. */
interface Jobs {
  list: { ask: { principal: PrincipalRef; context?: Context } & Part; answer: List };
  who: { ask: { asked: Asked; context?: Context } & Part; answer: Who };
  why: { ask: { principal: PrincipalRef; asked: Asked; context?: Context }; answer: Why };
  suggest: { ask: { principal: PrincipalRef; asked: Asked; context?: Context } & Part; answer: Suggestions };
  diff: { ask: { context?: Context } & Part; answer: Diff };
  digest: { ask: { principal?: PrincipalRef; context?: Context }; answer: string };
  edit: { ask: { edits: Edit | Edit[]; diff: boolean }; answer: { edited: Edited; diff?: Diff } };
}

type Name = keyof Jobs;
type Answer = { found: Jobs[Name]["answer"] } | { problem: Problem };

/** What such a thread is told, so that it is known from other threads in which this file might run. */
const TASK = "latchgate insight";

export const isInsightWorker = !isMainThread && (workerData as { task?: unknown } | null)?.task === TASK;

/** The thread's whole work. */
export async function answerHere(): Promise<void> {
  const { name, files, ask } = workerData as { name: Name; files: { file: string; bytes: Uint8Array }[]; ask: never };
  const latchgate = await import("../../insight/entry.inline.js");
  let file: string | undefined;
  const load = (at: number) => {
    file = files[at]!.file;
    const policy = latchgate.loadPolicy(files[at]!.bytes);
    file = undefined;
    return policy;
  };
  const answers: { [N in Name]: (ask: Jobs[N]["ask"]) => Jobs[N]["answer"] } = {
    list: ({ principal, context, ...part }) => load(0).principal(principal, context).list(part),
    who: ({ asked, ...options }) => load(0).who(asked, options),
    why: ({ principal, context, asked }) => load(0).principal(principal, context).why(asked),
    suggest: ({ principal, context, asked, ...part }) => load(0).principal(principal, context).suggest(asked, part),
    diff: (options) => load(0).diff(load(1), options),
    digest: ({ principal, context }) => (principal === undefined ? load(0).digest({ context }) : load(0).principal(principal, context).digest()),
    edit: ({ edits, diff }) => {
      const before = load(0);
      const edited = latchgate.edit(files[0]!.bytes, edits);
      return edited.ok && diff ? { edited, diff: before.diff(latchgate.loadPolicy(edited.snapshot)) } : { edited };
    },
  };
  let answer: Answer;
  try {
    answer = { found: answers[name](ask) };
  } catch (thrown) {
    answer = { problem: problemOf(thrown, file) };
  }
  parentPort!.postMessage(answer);
}

/** Reads the files and asks; a bar says where it is if it takes longer than a second. */
export async function askInWorker<N extends Name>(name: N, paths: readonly string[], ask: Jobs[N]["ask"]): Promise<Jobs[N]["answer"]> {
  const steps = new Steps(["reading", "answering"]);
  try {
    const files = paths.map((file) => ({ file: fileWords(file), bytes: readBytes(file) }));
    steps.next();
    const answer = await inWorker({ task: TASK, name, files, ask });
    if ("found" in answer) return answer.found as Jobs[N]["answer"];
    const { code, message, path, file } = answer.problem;
    throw new CliError(code as LatchgateErrorCode, withoutPlace(message, path), { ...(path !== undefined && { path }), ...(file !== undefined && { file }) });
  } finally {
    steps.stop();
  }
}

/** The core's sentences end with the place, which is said apart. */
function withoutPlace(message: string, path: string | undefined): string {
  const end = ` at \`${path}\``;
  return message.endsWith(end) ? message.slice(0, -end.length) : message;
}

function inWorker(data: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: data });
    worker.on("message", (answer: Answer) => resolve(answer));
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("the thread that answers ended without an answer")));
  });
}
