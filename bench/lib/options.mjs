// The command line of `npm run bench`.

import { parseArgs } from "node:util";
import { engineNames } from "../adapters/registry.mjs";
import { suiteIds } from "../suites/index.mjs";

export const USAGE = `npm run bench [-- options]
  --quick            fewer rounds and smaller documents, under 90 seconds
  --only W1,W4       these parts only: ${suiteIds.join(", ")}
  --peers casl,oso   these engines only (casl and latchgate always take part): ${engineNames.join(", ")}
  --write-pages      put the tables into docs/benchmark.md and README.md; needs a complete run`;

export class UsageError extends Error {}

export function readOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: { quick: { type: "boolean" }, only: { type: "string" }, peers: { type: "string" }, "write-pages": { type: "boolean" }, help: { type: "boolean" } },
    }));
  } catch (error) {
    throw new UsageError(error.message);
  }
  const only = listed(values.only, suiteIds, "part");
  const peers = listed(values.peers, engineNames, "engine");
  const quick = values.quick === true;
  const complete = !quick && only.length === suiteIds.length && peers.length === engineNames.length;
  if (values["write-pages"] && !complete) throw new UsageError("--write-pages needs a complete run: without --quick, --only and --peers");
  const engines = engineNames.filter((name) => peers.includes(name) || name === "casl" || name === "latchgate");
  return { quick, only, engines, complete, writePages: values["write-pages"] === true, help: values.help === true, ...(quick ? QUICK : FULL) };
}

/** `rounds` of `batchMs` each, after `warmMs`, in which V8 has to have optimised CASL too; slow peers answer `verifyLimit` checks before they are timed. */
const FULL = { timing: { rounds: 61, batchMs: 6, warmMs: 250 }, verifyLimit: Infinity, loadSizes: [100, 1000, 10_000, 100_000], loadRuns: 7, coldRuns: 15 };
const QUICK = { timing: { rounds: 11, batchMs: 6, warmMs: 250 }, verifyLimit: 100, loadSizes: [100_000], loadRuns: 3, coldRuns: 5 };

function listed(text, known, what) {
  if (text === undefined) return known;
  const names = text.split(",").map((name) => name.trim()).filter(Boolean);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no ${what} "${unknown}"; there are ${known.join(", ")}`);
  return names;
}
