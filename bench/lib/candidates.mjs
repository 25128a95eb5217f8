// Verified candidates for a measurement, and what was wrong with the others.

import { verify } from "./verify.mjs";

/**
 * A candidate without `answer: undefined` is verified; one that is wrong is not timed.
 * @param {object[]} proposed candidates, or `{ name, missing }`
 * @param {number} [limit] how many checks a candidate marked `slow` has to answer
 */
export async function verified(proposed, limit = Infinity) {
  const candidates = [];
  const wrong = [];
  const missing = [];
  const asked = {};
  for (const candidate of proposed) {
    if (candidate.missing) {
      missing.push({ name: candidate.name, why: candidate.missing });
      continue;
    }
    if ("answer" in candidate && candidate.answer === undefined) {
      candidates.push(candidate);
      continue;
    }
    const result = await verify(candidate, candidate.slow ? limit : Infinity);
    asked[candidate.name] = result.asked;
    if (result.wrong > 0) wrong.push({ name: candidate.name, ours: candidate.ours === true, ...result });
    else candidates.push(candidate);
  }
  return { candidates, wrong, missing, asked };
}
