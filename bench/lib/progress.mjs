// How far the run is, on the error stream, so that the table alone is the output.

import cliProgress from "cli-progress";

export function progress(total) {
  const bar = new cliProgress.SingleBar({ format: "{bar} {value}/{total} {label}", hideCursor: true, clearOnComplete: true, linewrap: false, stream: process.stderr, noTTYOutput: true, notTTYSchedule: 10_000 }, cliProgress.Presets.shades_classic);
  bar.start(total, 0, { label: "" });
  return { next: (label) => bar.update({ label }), done: () => bar.increment(), stop: () => bar.stop() };
}
