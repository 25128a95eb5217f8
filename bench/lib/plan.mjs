// Runs the jobs of all parts one after another and keeps what went wrong.

import { suites } from "../suites/index.mjs";
import { inChild } from "./child.mjs";
import { progress } from "./progress.mjs";

/** Everything that was measured, how long each part took, and the problems: `ours` says whether one is this project's. */
export async function runSuites(options) {
  const plans = options.only.map((id) => ({ id, plan: suites[id].jobs(options) }));
  const bar = progress(plans.reduce((sum, { plan }) => sum + plan.length, 0));
  const measured = {};
  const seconds = {};
  const problems = [];
  try {
    for (const { id, plan } of plans) {
      const outcomes = [];
      const began = performance.now();
      for (const job of plan) {
        bar.next(job.label);
        outcomes.push(await attempt(job, problems));
        bar.done();
      }
      measured[id] = suites[id].summary(outcomes, plan);
      seconds[id] = Math.round((performance.now() - began) / 100) / 10;
    }
  } finally {
    bar.stop();
  }
  return { measured, problems, seconds };
}

async function attempt(job, problems) {
  if (job.skip?.()) return {};
  try {
    const result = await inChild(job.task, job.input, job);
    for (const wrong of result.wrong ?? []) {
      problems.push({ job: job.label, ours: wrong.ours, text: `${wrong.name} is wrong in ${wrong.wrong} of ${wrong.asked} checks and was not timed${wrong.first ? `; the first: ${JSON.stringify(wrong.first)}` : ""}` });
    }
    return result;
  } catch (error) {
    // A process with one peer fails for that peer; what all share is ours to answer for.
    problems.push({ job: job.label, ours: isOurs(job), text: error.message });
    return {};
  }
}

const isOurs = ({ input }) => {
  const engine = input.engine ?? input.loader ?? input.name;
  if (engine !== undefined) return engine.startsWith("latchgate");
  return !Array.isArray(input.engines) || input.engines.includes("latchgate");
};
