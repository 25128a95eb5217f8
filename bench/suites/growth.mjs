// How a check's cost grows.

import { curveNames } from "../growth/index.mjs";

export const title = "Growth";

export const jobs = ({ timing, quick }) =>
  curveNames.map((curve) => ({ label: `growth: ${curve}`, task: "growth", input: { curve, quick, timing: { ...timing, rounds: Math.min(timing.rounds, 31), warmMs: quick ? 20 : 60 } }, heapMb: 6000 }));

export const summary = (outcomes) => Object.fromEntries(outcomes.filter((outcome) => outcome.series).map(({ curve, axis, series, slopes, missing }) => [curve, { axis, series, slopes, missing }]));
