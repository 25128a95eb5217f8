// `latchgate diff`: who gains and who loses what between two snapshots.

import type { Command } from "commander";
import { EXIT } from "../errors.js";
import { usage } from "../given.js";
import { painter, paragraphs, printable } from "../text.js";
import type { Diff } from "../../insight/types.js";
import { contextOf, type ContextOptions, type PageOptions, partOf, withContext, withJson, withPages } from "./options.js";
import { countsWords, groupLines, nextLine } from "./words.js";
import { askInWorker } from "./worker.js";

const HELP = `
+ is gained, - is lost, ~ is allowed before and after, for other records. Each change stands under what caused it.

Exit code: 0 no difference, 1 some difference, 2 no answer (a bad file, two systems, bad usage).

Examples:
  latchgate diff before.json after.json
  latchgate diff --json deployed.lgsn acme.json
`;

export function addDiff(program: Command): void {
  const command = program
    .command("diff")
    .summary("say who gains and who loses what between two snapshots")
    .description("Say who gains and who loses what between two snapshots of one system, grouped by the change that caused it.")
    .argument("[before]", "a snapshot, as JSON or compiled; - is standard input")
    .argument("[after]", "another one of the same system")
    .option("-s, --snapshot <file>", "the same as an argument; may be given twice", (file: string, before: string[] = []) => [...before, file]);
  withJson(withPages(withContext(command)))
    .addHelpText("after", paragraphs(HELP))
    .action(async (_before: string | undefined, _after: string | undefined, options: ContextOptions & PageOptions & { snapshot?: string[]; json?: boolean }) => {
      const [before, after, stray] = [...(options.snapshot ?? []), ...command.args];
      if (before === undefined || after === undefined || stray !== undefined) throw usage("say which two snapshots: the one before, and the one after");
      const diff = await askInWorker("diff", [before, after], { ...contextOf(options), ...partOf(options) });
      if (options.json) process.stdout.write(`${JSON.stringify(diff)}\n`);
      else print(diff, before, after);
      process.exitCode = diff.total > 0 ? EXIT.deny : EXIT.allow;
    });
}

function print(diff: Diff, before: string, after: string): void {
  const paint = painter(process.stdout);
  let out = `${paint("bold", `${printable(before)} → ${printable(after)}`)}\n  ${countsWords(diff)}\n`;
  if (diff.groups.length > 0) out += `\n${groupLines(diff.groups, paint)}`;
  if (!diff.complete) out += "\n  allows and denies overlap in too many ways: there may be more\n";
  const shown = diff.groups.reduce((sum, { changes }) => sum + changes.length, 0);
  process.stdout.write(out + nextLine(diff.next, shown, diff.total, paint));
}
