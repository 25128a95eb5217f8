// The whole report as Markdown: when and on what, the targets, then the tables behind them.

import { engineTable, explainTable, growthTable, loadTable, memoryTable, nativeTable, readyTable, startTable, targetTable } from "./tables.mjs";

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

/** What the README quotes: the rest stands in the results. */
export function summary(run) {
  return [heading(run), targetTable(run.measured), engineTable(run.measured), startTable(run.measured), pictures(run.measured)].filter(Boolean).join("\n\n");
}

/** Written beside by the same run; see plots.mjs. */
const pictures = ({ growth = {} }) => Object.entries(growth).map(([name, { axis }]) => `![A check's time by ${axis}](docs/bench/${name}.svg)`).join("\n");

function heading({ when, quick, machine, versions }) {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${when.slice(0, 10)}${quick ? ", quick run" : ""}, Node ${machine.node.slice(1)}, ${machine.cores} cores (${machine.cpu}), ${machine.platform}: ${list.join(", ")}.`;
}
