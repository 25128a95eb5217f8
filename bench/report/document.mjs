// The whole report as Markdown: when and on what, the targets, then the tables behind them.

import { engineTable, explainTable, growthTable, loadTable, memoryTable, nativeTable, readyTable, startTable, table, targetTable } from "./tables.mjs";
import { bytes, milliseconds, time } from "./units.mjs";

export function report(run) {
  const { measured, problems } = run;
  const parts = [
    heading(run),
    targetTable(measured),
    problems.map(({ ours, job, text }) => `- **${ours ? "failed" : "a peer failed"}**, ${job}: ${text.split("\n")[0]}`).join("\n"),
    ...[engineTable, readyTable, memoryTable, explainTable, loadTable, startTable, growthTable, nativeTable].map((make) => make(measured)),
  ];
  return parts.filter(Boolean).join("\n\n");
}

/** What docs/benchmark.md quotes: the rest stands in the results. */
export function summary(run) {
  return [heading(run), targetTable(run.measured), engineTable(run.measured), startTable(run.measured), pictures(run.measured)].filter(Boolean).join("\n\n");
}

/** The five rows of README.md: what a check takes beside CASL, and what it takes to have latchgate at all. */
export function headline({ measured: { W1, W2, W3, W5 } }) {
  const check = (work, { rows }) => compare(work, rowOf(rows, "latchgate"), rowOf(rows, "casl"), ({ ns }) => time(ns));
  const rows = [
    check("a check, one user, 200 grants", W1),
    check("a check, 1,000 users, 2,000 grants", W2),
    check("a check of a record under a condition", W3),
    compare("fresh Node process, first decision (`latchgate/reader`)", rowOf(W5.cold, "latchgate/reader, compiled"), rowOf(W5.cold, "casl"), ({ ms }) => milliseconds(ms)),
    compare("download, gzip (`latchgate/reader`)", rowOf(W5.sizes, "latchgate/reader/slim"), rowOf(W5.sizes, "casl"), ({ total }) => bytes(total.gzip)),
  ];
  return table(["", "latchgate", "CASL"], rows);
}

const rowOf = (rows, wanted) => rows.find(({ name }) => name === wanted);
const compare = (work, ours, casl, figure) => [work, ...[ours, casl].map((row) => (row === undefined ? "–" : figure(row)))];

/** Written beside by the same run; see plots.mjs. */
const pictures = ({ growth = {} }) => Object.entries(growth).map(([name, { axis }]) => `![A check's time by ${axis}](bench/${name}.svg)`).join("\n");

function heading({ when, quick, machine, versions }) {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${when.slice(0, 10)}${quick ? ", quick run" : ""}, Node ${machine.node.slice(1)}, ${machine.cores} cores (${machine.cpu}), ${machine.platform}: ${list.join(", ")}.`;
}
