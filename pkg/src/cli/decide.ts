// `latchgate decide`: a stream of questions in, a stream of decisions out, in the same order.

import type { Command } from "commander";
import type { Decision, Policy } from "./api.js";
import { CliError, EXIT, problemLine, problemOf } from "./errors.js";
import { inlineSnapshot, loadSnapshot, SnapshotFolder, takeInput } from "./files.js";
import { Given, withSnapshot } from "./given.js";
import { decodeUtf8, isObject, parseJson } from "./json.js";
import { type Line, MAX_LINE_BYTES, splitLines } from "./lines.js";
import { questionOf } from "./question.js";
import { paragraphs } from "./text.js";

const HELP = `
A question is one JSON object on one line; blank lines are skipped:
  {"id":1,"principal":"p-1","ask":{"kind":"permission","permission":"a:read"}}
  {"id":2,"principal":"p-2","ask":{"kind":"type","action":"a","subject":"doc"}}

Of a record ("object"), and of a request, whose circumstances are "context":
  {"kind":"instance","action":"read","subject":"doc","object":{"id":"m1"}}
  {"kind":"route","method":"GET","path":"/v1/users"}

Every question gets one line: its id as it was sent, then the decision. A line that is not a question gets a decision
with the effect "error" and the code "invalid_question", and the stream goes on. A line of a vector file is a question too.

Exit code: 0 when the stream ended, 2 when a snapshot cannot be used.

Example:
  latchgate decide acme.json < questions.ndjson > decisions.ndjson
`;

/** Where the policy of a question comes from. */
interface Source {
  /** Whether a question may bring its rules along: not where it was said what to decide on. */
  takesRules: boolean;
  policyFor(line: Record<string, unknown>): Policy;
  /** The snapshot an answer names when the line is no question; unknown where every question names its own. */
  snapshot: Decision["snapshot"] | Record<string, never>;
}

export function addDecide(program: Command): void {
  const command = program
    .command("decide")
    .summary("answer a stream of questions, one JSON line each")
    .description("Answer questions from standard input, one JSON line each, with one JSON line each on standard output.");
  withSnapshot(command, "the snapshot to decide on, as JSON or compiled")
    .option("-S, --snapshots <folder>", 'a folder of snapshots: a question with "snapshot": "acme" is decided on acme.json')
    .addHelpText("after", paragraphs(HELP))
    .action(async (_: string | undefined, { snapshot, snapshots }: { snapshot?: string; snapshots?: string }) => {
      const given = new Given(command.args);
      const file = snapshot ?? given.next();
      given.end();
      if (file !== undefined && snapshots !== undefined) throw new CliError("ERR_USAGE", "give --snapshot or --snapshots, not both");
      process.exitCode = await decide({ ...(file !== undefined && { snapshot: file }), ...(snapshots !== undefined && { snapshots }) });
    });
}

async function decide(options: { snapshot?: string; snapshots?: string }): Promise<number> {
  const complaints = new Set<string>();
  takeInput();
  const source = sourceOf(options);
  for await (const lines of splitLines(process.stdin)) {
    let out = "";
    for (const line of lines) out += answer(line, source, complaints);
    // Back-pressure: read on when what was written has been taken.
    if (out !== "") await new Promise<void>((resolve) => process.stdout.write(out, () => resolve()));
  }
  return complaints.size === 0 ? EXIT.allow : EXIT.error;
}

function sourceOf({ snapshot, snapshots }: { snapshot?: string; snapshots?: string }): Source {
  if (snapshot !== undefined) {
    const policy = loadSnapshot(snapshot);
    const { system, version, tenant } = policy;
    return { takesRules: false, policyFor: () => policy, snapshot: { system, ...(version && { version }), ...(tenant && { tenant }) } };
  }
  if (snapshots === undefined) throw new CliError("ERR_USAGE", "say what to decide on: a snapshot, --snapshot FILE or --snapshots FOLDER");
  const folder = new SnapshotFolder(snapshots);
  const policyFor = (line: Record<string, unknown>): Policy => {
    if (typeof line.snapshot !== "string") throw new CliError("ERR_ARGUMENT", 'with --snapshots every question names its snapshot: "snapshot": "NAME"');
    return folder.get(line.snapshot);
  };
  return { takesRules: true, policyFor, snapshot: {} };
}

/** The answer to one line, with its newline; nothing for a blank line. Never throws: the stream goes on. */
function answer(line: Line, source: Source, complaints: Set<string>): string {
  let id: string | undefined;
  let decision: Decision;
  try {
    if (line.bytes === null) throw new CliError("ERR_TOO_LARGE", `the line is longer than ${MAX_LINE_BYTES} bytes`);
    const text = decodeUtf8(line.bytes);
    if (text.trim() === "") return "";
    const { value, top } = parseJson(text);
    if (!isObject(value)) throw new CliError("ERR_ARGUMENT", "a question is a JSON object");
    id = top.get("id");
    decision = decideOne(value, source, complaints);
  } catch (thrown) {
    decision = invalid(`line ${line.number}: ${problemOf(thrown).message}`, source.snapshot);
  }
  const json = JSON.stringify(decision);
  return `${id === undefined ? json : `{"id":${id},${json.slice(1)}`}\n`;
}

function decideOne(line: Record<string, unknown>, source: Source, complaints: Set<string>): Decision {
  if (line.policies !== undefined) {
    if (!source.takesRules) throw new CliError("ERR_ARGUMENT", "the question brings `policies` of its own, but --snapshot says what to decide on");
    const policy = inlineSnapshot(line.policies);
    try {
      return policy.decide(questionOf(line));
    } finally {
      policy.free();
    }
  }
  let policy: Policy;
  try {
    policy = source.policyFor(line);
  } catch (thrown) {
    const problem = problemOf(thrown);
    // A snapshot that is there but does not load is said once, and remembered for the exit code.
    if (problem.file !== undefined && problem.code !== "ERR_FILE_NOT_FOUND" && !complaints.has(problem.file)) {
      complaints.add(problem.file);
      process.stderr.write(`${problemLine(problem)}\n`);
    }
    throw new CliError(problem.code, problemLine(problem).replace(/^error: /, ""));
  }
  return policy.decide(questionOf(line));
}

function invalid(message: string, snapshot: Source["snapshot"]): Decision {
  return { allowed: false, conditional: false, effect: "error", code: "invalid_question", status: 400, rule: null, message, grants: [], snapshot: snapshot as Decision["snapshot"] };
}
