// How the cost of a check grows along one axis: all points of the curve are measured together, round by round.

import { curveOf } from "../growth/index.mjs";
import { verified } from "../lib/candidates.mjs";
import { interleave } from "../lib/interleave.mjs";
import { slope } from "../lib/statistics.mjs";

export default async function measure({ curve: name, quick, timing }) {
  const curve = await curveOf(name);
  const proposed = [];
  for (const x of curve.points(quick)) {
    for (const candidate of await curve.at(x)) proposed.push({ ...candidate, name: `${candidate.name} @ ${x}`, series: candidate.name, x });
  }
  const { candidates, wrong, missing } = await verified(proposed);
  const rows = await interleave(candidates, { ...timing, reference: undefined });
  const series = {};
  rows.forEach(({ ns, p25, p75 }, i) => (series[candidates[i].series] ??= []).push({ x: candidates[i].x, y: ns, p25, p75 }));
  const slopes = Object.fromEntries(Object.entries(series).map(([key, list]) => [key, slope(list)]));
  return { curve: name, axis: curve.axis, series, slopes, wrong, missing };
}
