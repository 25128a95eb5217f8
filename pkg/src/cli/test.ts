// `latchgate test`: recorded answers against the decisions of this build.

import type { Command } from "commander";
import { EXIT } from "./errors.js";
import { grantLines } from "./explain.js";
import { SnapshotFolder } from "./files.js";
import { usage } from "./given.js";
import { askWords, principalWords, questionOf } from "./question.js";
import { fields, type Paint, painter, paragraphs, printable, table } from "./text.js";
import { type Outcome, readVectors, runVector } from "./vectors.js";

const HELP = `
A vector file is {"format": 1, "vectors": [ … ]}; each vector has an id, a snapshot (NAME of NAME.json in the folder, or
"inline" with its own "policies"), a principal, an ask and what is expected: allow, deny or error; for a list all, none or
conditions. Where a vector has "code" or "status", the decision must have the same. "rule" and "note" are for people.

Exit code: 0 all passed, 1 some failed or none ran, 2 a file cannot be used.

Example:
  latchgate test decisions.json --snapshots snapshots

where snapshots/acme.json is a snapshot, and decisions.json:
  { "format": 1, "vectors": [
    { "id": "ann may read",
      "snapshot": "acme", "principal": "ann",
      "ask": { "kind": "permission", "permission": "doc:read" },
      "expected": "allow" },
    { "id": "but not change what is bob's",
      "snapshot": "acme", "principal": "ann",
      "ask": { "kind": "instance", "action": "update", "subject": "doc",
               "object": { "id": "d1", "owner": "bob" } },
      "context": { "tenant": "shop" },
      "expected": "deny", "code": "no_grant" }
  ] }
`;

export function addTest(program: Command): void {
  program
    .command("test")
    .summary("run files of recorded answers")
    .description("Run vector files: recorded questions with the answers that are expected.")
    .argument("<file...>", "vector files; - is standard input")
    .option("-S, --snapshots <folder>", "the folder with the snapshots that the vectors name")
    .option("--json", "print the result as JSON and nothing else")
    .addHelpText("after", paragraphs(HELP))
    .action((files: string[], options: { snapshots?: string; json?: boolean }) => {
      process.exitCode = test(files, options);
    });
}

function test(files: string[], options: { snapshots?: string; json?: boolean }): number {
  if (options.snapshots === undefined) throw usage("say where the snapshots are: --snapshots FOLDER");
  const folder = new SnapshotFolder(options.snapshots);
  // All files are read before anything runs: a bad one is reported alone.
  const all = files.flatMap((file) => readVectors(file).map((vector) => ({ file, vector })));
  const outcomes = all.map(({ file, vector }) => runVector(file, vector, folder));
  const failed = outcomes.filter((outcome) => !outcome.passed);
  if (options.json) process.stdout.write(`${JSON.stringify(machineForm(outcomes), null, 2)}\n`);
  else printReport(outcomes, failed);
  // Zero vectors prove nothing, so they do not pass.
  return outcomes.length > 0 && failed.length === 0 ? EXIT.allow : EXIT.deny;
}

interface Count {
  passed: number;
  failed: number;
}

function countBySystem(outcomes: readonly Outcome[]): Map<string, Count> {
  const counts = new Map<string, Count>();
  for (const { vector, passed } of outcomes) {
    const count = counts.get(vector.system) ?? { passed: 0, failed: 0 };
    count[passed ? "passed" : "failed"]++;
    counts.set(vector.system, count);
  }
  return counts;
}

function printReport(outcomes: readonly Outcome[], failed: readonly Outcome[]): void {
  const paint = painter(process.stdout);
  let out = "";
  for (const outcome of failed) out += failure(outcome, paint) + "\n";
  const rows = [...countBySystem(outcomes)].map(([system, count]) => [printable(system), `${count.passed} passed`, `${count.failed} failed`]);
  if (outcomes.length === 0) out += "no vectors in these files: that is a failure, for nothing was tested\n";
  else out += `${table(rows, "")}\n`;
  const passed = outcomes.length - failed.length;
  const good = outcomes.length > 0 && failed.length === 0;
  out += `${paint(good ? "green" : "red", `${passed} passed, ${failed.length} failed`)}\n`;
  process.stdout.write(out);
}

/** One failure: what was asked, what was expected, what came, and why it came. */
function failure({ file, vector, got, differs, decision, problem }: Outcome, paint: Paint): string {
  const rows: [string, string][] = [
    ["file", printable(file)],
    ["snapshot", printable(vector.snapshot)],
    ["principal", printable(principalWords(vector.raw.principal))],
    ["question", printable(askWords(vector.raw.ask))],
    ["expected", paint("green", printable(vector.expected))],
    ["got", paint("red", printable(decision === undefined ? "no answer" : `${got} (${decision.code}, status ${decision.status})`))],
  ];
  for (const { what, expected, got: value } of differs) {
    if (what === "code" || what === "status") rows.push([what, `${printable(String(value))} instead of ${printable(String(expected))}`]);
  }
  if (decision !== undefined) {
    rows.push(["because", printable(decision.message)]);
    rows.push(["rule", `${decision.rule ?? "none"}${vector.rule === undefined ? "" : printable(` (the vector names ${vector.rule})`)}`]);
  }
  if (problem !== undefined) {
    if (problem.file !== undefined) rows.push(["snapshot at", printable(problem.file)]);
    rows.push(["code", problem.code]);
    if (problem.path !== undefined) rows.push(["path", printable(problem.path)]);
    rows.push(["because", printable(problem.message)]);
  }
  if (vector.note !== undefined) rows.push(["note", printable(vector.note)]);
  const head = `${paint(["bold", "red"], "FAILED")}  ${printable(vector.id)}  ${printable(vector.system)}\n`;
  return head + fields(rows, paint) + (decision === undefined ? "" : grantLines(decision.grants, paint));
}

/** What `--json` prints: stable names, failures with the whole decision. */
function machineForm(outcomes: readonly Outcome[]) {
  const failed = outcomes.filter((outcome) => !outcome.passed);
  return {
    passed: outcomes.length - failed.length,
    failed: failed.length,
    systems: Object.fromEntries(countBySystem(outcomes)),
    failures: failed.map(({ file, vector, got, differs, decision, problem }) => ({
      file,
      id: vector.id,
      system: vector.system,
      snapshot: vector.snapshot,
      question: questionOf(vector.raw),
      expected: vector.expected,
      got,
      differs,
      ...(decision === undefined ? {} : { decision }),
      ...(problem === undefined ? {} : { problem }),
    })),
  };
}
