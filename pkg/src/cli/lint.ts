// `latchgate lint`: policies that fail open, fail, do nothing or surprise.

import { type Command, InvalidArgumentError } from "commander";
import type { Finding, Lint } from "../insight/types.js";
import { EXIT, problemLine, problemOf, type Problem } from "./errors.js";
import { fileWords, readBytes, refusal } from "./files.js";
import { usage } from "./given.js";
import { type Paint, painter, paragraphs, plural, printable, wrap } from "./text.js";

const HELP = `
Severities:
  fails-open  grants, or does not deny, what the policy says otherwise
  fails       the server fails where it meets this
  no-effect   what is written does nothing
  surprise    holds for one way of asking and not for another
  notice      is as it is written, and should be known (--deep)

A strict load (\`loadPolicy(snapshot, { strict: true })\`) refuses the first three.

With --deep the whole snapshot is judged too, and each such finding shows the steps that prove it: empty and unreachable roles, grants
that add nothing, wildcards, who can give themselves more rights, and with --sod who holds two permissions that are to be held apart.

Exit code: 0 nothing found, 1 something found, 2 a file cannot be used; then the error says where in it and why.

Examples:
  latchgate lint acme.json
  latchgate lint --no-surprises --json snapshots/*.json
  latchgate lint --deep --sod invoice:create,invoice:approve acme.json
`;

/** What one file comes to: findings, or why there are none. */
interface Outcome {
  file: string;
  lints: Array<Lint | Finding>;
  /** Not, where the search for ways to more rights came to its end first. */
  complete?: boolean;
  problem?: Problem;
}

export function addLint(program: Command): void {
  program
    .command("lint")
    .summary("find policies that fail open or do nothing")
    .description("Find what loads and is wrong: policies that fail open, on which the server fails, that do nothing, or that surprise.")
    .argument("[snapshots...]", "snapshots as JSON; - is standard input")
    .option("-s, --snapshot <file>", "the same as an argument; may be given several times", (file: string, before: string[] = []) => [...before, file])
    .option("--no-surprises", "leave out findings of that severity")
    .option("--deep", "judge the whole snapshot too, with what proves each finding")
    .option("--sod <pair>", "with --deep: two permissions to be held apart, with a comma between; may be given several times", pair)
    .option("--json", "print one JSON list and nothing else: file, findings, and the error of a file that cannot be used")
    .addHelpText("after", paragraphs(HELP))
    .action(async (others: string[], options: LintOptions) => {
      const files = [...(options.snapshot ?? []), ...others];
      if (files.length === 0) throw usage("say which snapshot: as an argument, or with --snapshot FILE");
      if (options.sod !== undefined && !options.deep) throw usage("--sod is for --deep: duties are looked for in the whole snapshot");
      // The other commands start without it.
      const latchgate = await import("../insight/entry.inline.js");
      const outcomes = files.map((file) => judge(latchgate, file, options));
      if (options.json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`);
      else print(outcomes);
      const found = outcomes.some(({ lints }) => lints.length > 0);
      process.exitCode = outcomes.some(({ problem }) => problem) ? EXIT.error : found ? EXIT.deny : EXIT.allow;
    });
}

interface LintOptions {
  snapshot?: string[];
  surprises: boolean;
  deep?: boolean;
  sod?: Array<[string, string]>;
  json?: boolean;
}

function pair(text: string, before: Array<[string, string]> = []): Array<[string, string]> {
  const [one, two, ...more] = text.split(",");
  if (!one || !two || more.length > 0) throw new InvalidArgumentError("It is two permissions with a comma between.");
  return [...before, [one, two]];
}

type Latchgate = typeof import("../insight/entry.inline.js");

function judge({ findings, lint }: Latchgate, file: string, { surprises, deep, sod = [] }: LintOptions): Outcome {
  try {
    const bytes = readBytes(file);
    const whole = deep ? findings(bytes, { sod }) : undefined;
    const lints = [...lint(bytes), ...(whole?.findings ?? [])].filter(({ severity }) => surprises || severity !== "surprise");
    return { file, lints, ...(whole !== undefined && { complete: whole.complete }) };
  } catch (thrown) {
    return { file, lints: [], problem: problemOf(refusal(thrown, fileWords(file)), fileWords(file)) };
  }
}

/** A file that cannot be used is said on standard error, and the others are judged all the same. */
function print(outcomes: readonly Outcome[]): void {
  const paint = painter(process.stdout);
  for (const { file, lints, complete, problem } of outcomes) {
    if (problem !== undefined) process.stderr.write(`${problemLine(problem)}\n`);
    else process.stdout.write(`${paint("bold", printable(fileWords(file)))}\n${lints.map((one) => words(one, paint)).join("")}  ${summary(lints)}\n${complete === false ? UNFINISHED : ""}`);
  }
}

const COLOURS = { "fails-open": "red", fails: "red", "no-effect": "yellow", surprise: "dim", notice: "dim" } as const;
const UNFINISHED = wrap("not everything was looked at: there are more ways to more rights than are tried", "  ");
/** As wide as the longest severity, and a gap. */
const COLUMN = 12;

function words({ severity, code, rule, path, message, ...more }: Lint | Finding, paint: Paint): string {
  const head = `  ${paint(COLOURS[severity], severity.padEnd(COLUMN))}${printable(path)}`;
  const indent = " ".repeat(COLUMN + 2);
  return `${head}\n${indent}${paint("dim", `${code}, rule ${rule}`)}\n${wrap(printable(message), indent)}${steps("witness" in more ? more.witness : [], indent)}\n`;
}

/** What proves it, step by step. */
function steps(witness: Finding["witness"], indent: string): string {
  return witness.map((step, at) => wrap(`${at + 1}. ${printable(step.request === undefined ? step.message : `${step.id}: ${step.message}`)}`, `${indent}  `)).join("");
}

/** `3 findings: 1 fails-open, 2 no-effect` */
function summary(lints: ReadonlyArray<Lint | Finding>): string {
  const counts = Object.keys(COLOURS).map((severity): [string, number] => [severity, lints.filter((one) => one.severity === severity).length]);
  const some = counts.filter(([, count]) => count > 0).map(([severity, count]) => `${count} ${severity}`);
  return lints.length === 0 ? "nothing found" : `${plural(lints.length, "finding")}: ${some.join(", ")}`;
}
