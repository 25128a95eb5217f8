// Measurements run in processes of their own: one engine's heap or compiled code cannot hurt another's.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../child.mjs", import.meta.url));

/** Runs `children/<task>.mjs` with an input and gives back its result. Nobody waits longer than `limitMs`. */
export function inChild(task, input, { gc = false, heapMb, limitMs = 600_000 } = {}) {
  const execArgv = [...(gc ? ["--expose-gc"] : []), ...(heapMb ? [`--max-old-space-size=${heapMb}`] : [])];
  return new Promise((resolve, reject) => {
    const child = fork(program, [], { execArgv, stdio: ["ignore", "ignore", "pipe", "ipc"], serialization: "advanced" });
    const complaints = [];
    let answer;
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.stderr.on("data", (chunk) => complaints.push(chunk));
    child.on("message", (message) => (answer = message));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (answer?.result !== undefined) return resolve(answer.result);
      const end = Buffer.concat(complaints).toString("utf8").trim().slice(-600);
      reject(new Error(`${task}: ${signal === "SIGKILL" ? `no result within ${limitMs / 1000} s` : (answer?.error ?? `ended with ${code ?? signal}`)}${end && `\n${end}`}`));
    });
    child.send({ task, input });
  });
}
