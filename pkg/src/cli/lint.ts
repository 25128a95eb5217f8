// `latchgate lint`: policies that fail open, fail, do nothing or surprise.

import type { Command } from "commander";
import type { Lint } from "../insight/types.js";
import { EXIT, problemLine, problemOf, type Problem } from "./errors.js";
import { readBytes, refusal } from "./files.js";
import { type Paint, painter, plural, printable, wrap } from "./text.js";

const HELP = `
Severities: fails-open  grants, or does not deny, what the policy says otherwise
            fails       the server fails where it meets this
            no-effect   what is written does nothing
            surprise    holds for one way of asking and not for another
A strict load (\`loadPolicy(snapshot, { strict: true })\`) refuses the first three.

Exit code: 0 nothing found, 1 something found, 2 a file cannot be used; then the error says where in it and why.

Examples:
  latchgate lint acme.json
  latchgate lint --no-surprises --json snapshots/*.json
`;

/** What one file comes to: findings, or why there are none. */
interface Outcome {
  file: string;
  lints: Lint[];
  problem?: Problem;
}

export function addLint(program: Command): void {
  program
    .command("lint")
    .summary("find policies that fail open or do nothing")
    .description("Find what loads and is wrong: policies that fail open, on which the server fails, that do nothing, or that surprise.")
    .argument("<files...>", "snapshots as JSON")
    .option("--no-surprises", "leave out findings of that severity")
    .option("--json", "print one JSON list and nothing else: file, findings, and the error of a file that cannot be used")
    .addHelpText("after", HELP)
    .action(async (files: string[], options: { surprises: boolean; json?: boolean }) => {
      // The other commands start without it.
      const { lint } = await import("../insight/entry.inline.js");
      const outcomes = files.map((file) => judge(lint, file, options.surprises));
      if (options.json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`);
      else print(outcomes);
      const found = outcomes.some(({ lints }) => lints.length > 0);
      process.exitCode = outcomes.some(({ problem }) => problem) ? EXIT.error : found ? EXIT.deny : EXIT.allow;
    });
}

function judge(lint: (bytes: Uint8Array) => Lint[], file: string, surprises: boolean): Outcome {
  try {
    return { file, lints: lint(readBytes(file)).filter(({ severity }) => surprises || severity !== "surprise") };
  } catch (thrown) {
    return { file, lints: [], problem: problemOf(refusal(thrown, file), file) };
  }
}

/** A file that cannot be used is said on standard error, and the others are judged all the same. */
function print(outcomes: readonly Outcome[]): void {
  const paint = painter(process.stdout);
  for (const { file, lints, problem } of outcomes) {
    if (problem !== undefined) process.stderr.write(`${problemLine(problem)}\n`);
    else process.stdout.write(`${paint("bold", printable(file))}\n${lints.map((one) => words(one, paint)).join("")}  ${summary(lints)}\n`);
  }
}

const COLOURS = { "fails-open": "red", fails: "red", "no-effect": "yellow", surprise: "dim" } as const;
/** As wide as the longest severity, and a gap. */
const COLUMN = 12;

function words({ severity, code, rule, path, message }: Lint, paint: Paint): string {
  const head = `  ${paint(COLOURS[severity], severity.padEnd(COLUMN))}${printable(path)}`;
  const indent = " ".repeat(COLUMN + 2);
  return `${head}\n${indent}${paint("dim", `${code}, rule ${rule}`)}\n${wrap(printable(message), indent)}\n`;
}

/** `3 findings: 1 fails-open, 2 no-effect` */
function summary(lints: readonly Lint[]): string {
  const counts = Object.keys(COLOURS).map((severity): [string, number] => [severity, lints.filter((one) => one.severity === severity).length]);
  const some = counts.filter(([, count]) => count > 0).map(([severity, count]) => `${count} ${severity}`);
  return lints.length === 0 ? "nothing found" : `${plural(lints.length, "finding")}: ${some.join(", ")}`;
}
