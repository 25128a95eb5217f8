// Candidates measured together: in every round each runs one batch, and the order rotates from round to round, so that
// whatever else the machine does hits all of them alike.

import { loopOver } from "./loop.mjs";
import { spread } from "./statistics.mjs";

/**
 * @typedef {object} Candidate
 * @property {string} name
 * @property {(...args: unknown[]) => unknown} call
 * @property {object[]} checks what is asked, one after another
 * @property {string[]} fields which fields of a check are the arguments of `call`
 * @property {boolean} [isAsync]
 * @property {number} [per] how many decisions one call takes; 1 if absent
 */

/**
 * Nanoseconds a decision for each candidate, and the ratio to the reference of the same round.
 * @param {Candidate[]} candidates
 */
export async function interleave(candidates, { rounds, batchMs, warmMs, reference = "casl" }) {
  const runs = [];
  for (const candidate of candidates) runs.push(await warm(candidate, batchMs, warmMs));
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < runs.length; k++) await batch(runs[(k + round) % runs.length]);
  }
  const base = runs.find((run) => run.candidate.name === reference);
  return runs.map(({ candidate, ns, count }) => {
    const { median: value, p25, p75 } = spread(ns);
    const ratio = base && spread(ns.map((x, round) => x / base.ns[round]));
    return { name: candidate.name, ns: value, p25, p75, ratio: ratio?.median, ratioP25: ratio?.p25, ratioP75: ratio?.p75, callsPerBatch: count, rounds };
  });
}

/** Until it is optimised; then how many calls take about as long as a batch should. */
async function warm(candidate, batchMs, warmMs) {
  const loop = loopOver(candidate.fields, candidate.isAsync === true);
  let count = 1;
  let from = 0;
  let spent = 0;
  for (;;) {
    const began = performance.now();
    await loop(candidate.call, candidate.checks, count, from);
    const took = performance.now() - began;
    from += count;
    spent += took;
    if (took < batchMs) count = Math.max(count + 1, Math.ceil(count * Math.min(8, (1.1 * batchMs) / Math.max(took, 0.001))));
    else if (spent > warmMs) {
      // At least eight calls, unless they would take more than 200 ms.
      count = Math.max(Math.min(8, Math.ceil((200 * count) / took)), Math.round((count * batchMs) / took));
      return { candidate, loop, count, from, ns: [] };
    }
  }
}

/** The lesser of wall and CPU time: wall counts what other programs took, CPU counts the collector's own threads twice. */
async function batch(run) {
  const { candidate, loop, count, from, ns } = run;
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const result = loop(candidate.call, candidate.checks, count, from);
  if (candidate.isAsync) await result;
  const wall = performance.now() - began;
  const used = process.cpuUsage(cpuBefore);
  const cpu = (used.user + used.system) / 1000;
  // CPU time comes in steps that are too coarse for a very short batch.
  const ms = cpu > 0.5 ? Math.min(wall, cpu) : wall;
  ns.push((ms * 1e6) / (count * (candidate.per ?? 1)));
  run.from += count;
}
