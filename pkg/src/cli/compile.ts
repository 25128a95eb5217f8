// `latchgate compile`: a snapshot to one binary that is read where it stands.

import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { Counts, Layout } from "./api.js";
import { type Job, type Made, runInWorker } from "./compile-worker.js";
import { EXTENSION, size } from "./compiled.js";
import { CliError, EXIT } from "./errors.js";
import { fileWords, jsonOption, readBytes, readJson, refusal } from "./files.js";
import { Given, principalOf, type SnapshotOption, usage, withPrincipal, withSnapshot } from "./given.js";
import { isObject, parseJson } from "./json.js";
import { Steps } from "./progress.js";
import { principalWords } from "./question.js";
import { fields, painter, paragraphs, plural, printable } from "./text.js";

export interface CompileOptions {
  output?: string;
  principal?: string;
  claims?: string;
  context?: string;
  json?: boolean;
}

const HELP = `
The binary holds what decides and nothing else: no documents, so the lists in a system's own shapes are not to be had from it.
The same snapshot gives the same bytes on every machine. With a principal it is cut down to what questions about that
principal need; nothing about others is in it, so that it may be sent to a browser.

Exit code: 0 done, 2 the snapshot cannot be used or the binary cannot be written.

Examples:
  latchgate compile acme.json
  latchgate compile acme.json p-agent -o p-agent${EXTENSION}
  latchgate compile acme.json -o - --claims claims.json | gzip > mine${EXTENSION}.gz
`;

export function addCompile(program: Command): void {
  const command = program
    .command("compile")
    .summary("turn a snapshot into one binary, whole or for one principal")
    .description("Turn a snapshot into one binary for `loadPolicy` of latchgate and of latchgate/reader: the whole of it, or what one principal needs.");
  withPrincipal(withSnapshot(command), "only what this principal needs: an id or alias, or @claims.json for the bearer of a verified token")
    .option("-o, --output <file>", `where to write the binary; - is standard output (default: the snapshot's name with ${EXTENSION})`)
    .option("--claims <json>", "the principal by the claims of a verified token: JSON, or a file with it")
    .option("--context <json>", "circumstances that add rights, as roles do: JSON, or @file.json")
    .option("--json", "say what was made as JSON")
    .addHelpText("after", paragraphs(HELP))
    .action(async (_snapshot: string | undefined, _principal: string | undefined, options: CompileOptions & SnapshotOption) => {
      const given = new Given(command.args);
      const snapshot = given.snapshot(options);
      const principal = given.anybody(options);
      given.end();
      process.exitCode = await compile(snapshot, { ...options, ...(principal !== undefined && { principal }) });
    });
}

export async function compile(snapshot: string, options: CompileOptions): Promise<number> {
  const only = onlyFor(options);
  const output = outputOf(snapshot, options, only !== undefined);
  const toStdout = output === "-";
  if (toStdout && process.stdout.isTTY) throw usage("a binary is nothing for a terminal: name a file with -o, or send it through a pipe");
  const began = performance.now();
  const steps = new Steps(["reading", "compiling", "writing"]);
  let made: Made;
  try {
    const bytes = readBytes(snapshot);
    steps.next();
    made = await runInWorker({ bytes, ...(only !== undefined && { only }) }).catch((thrown: unknown) => {
      throw refusal(thrown, fileWords(snapshot));
    });
    if (typeof only?.principal === "string" && made.counts.principals === 0) {
      throw new CliError("ERR_ARGUMENT", `the snapshot has no principal \`${only.principal}\``, { file: fileWords(snapshot) });
    }
    steps.next();
    await write(output, made.bytes);
  } finally {
    steps.stop();
  }
  const milliseconds = Math.round(performance.now() - began);
  const report = { snapshot, output, ...reportOf(made), milliseconds };
  // The binary may be what goes to standard output.
  const text = options.json ? `${JSON.stringify(report)}\n` : words(report, only);
  (options.json && !toStdout ? process.stdout : process.stderr).write(text);
  return EXIT.allow;
}

function onlyFor({ principal, claims, context }: CompileOptions): Job["only"] {
  if (principal !== undefined && claims !== undefined) throw usage("give --principal or --claims, not both");
  if (principal === undefined && claims === undefined) {
    if (context !== undefined) throw usage("--context only means something with --principal or --claims");
    return undefined;
  }
  const who = principal === undefined ? claimsOf(claims!) : principalOf(principal);
  return context === undefined ? { principal: who } : { principal: who, context: jsonOption(context, "--context") };
}

function claimsOf(given: string): Record<string, unknown> {
  const file = given.replace(/^@/, "");
  const inPlace = given.trimStart().startsWith("{");
  const claims = inPlace ? parseJson(given).value : readJson(file);
  if (!isObject(claims)) throw new CliError("ERR_ARGUMENT", "claims are a JSON object", inPlace ? {} : { file: fileWords(file) });
  return claims;
}

function outputOf(snapshot: string, { output }: CompileOptions, slice: boolean): string {
  if (output !== undefined) return output;
  // The name says nothing of a principal: one slice would take another's place, or that of the whole.
  if (slice) throw usage("say with -o where what one principal needs is to be written");
  if (snapshot === "-") throw usage("say with -o where to write: standard input has no name");
  if (snapshot.endsWith(EXTENSION)) throw usage("say with -o where to write: the snapshot has the name already that the binary would get");
  return `${snapshot.replace(/\.json$/i, "")}${EXTENSION}`;
}

async function write(output: string, bytes: Uint8Array): Promise<void> {
  if (output === "-") {
    await new Promise<void>((resolve) => process.stdout.write(bytes, () => resolve()));
    return;
  }
  try {
    writeFileSync(output, bytes);
  } catch (thrown) {
    throw new CliError("ERR_FILE_WRITE", `the binary cannot be written (${(thrown as NodeJS.ErrnoException).code ?? "unknown reason"})`, { file: output });
  }
}

interface Report {
  snapshot: string;
  output: string;
  system: string;
  bytesIn: number;
  bytesOut: number;
  slice: boolean;
  counts: Counts;
  warnings: number;
  sections: Layout["sections"];
  milliseconds: number;
}

function reportOf({ bytes, bytesIn, system, counts, warnings, layout }: Made) {
  const { slice, sections } = layout;
  return { system, bytesIn, bytesOut: bytes.length, slice, counts, warnings, sections };
}

function words(report: Report, only: Job["only"]): string {
  const paint = painter(process.stderr);
  const rows: [string, string][] = [
    ["from", `${printable(fileWords(report.snapshot))}, ${size(report.bytesIn)}`],
    ["made", `${size(report.bytesOut)}, ${only === undefined ? (report.slice ? "what one principal needs" : "the whole snapshot") : `what ${printable(principalWords(only.principal))} needs`}`],
    ["holds", countWords(report.counts)],
  ];
  if (report.warnings > 0) rows.push(["warnings", `${report.warnings} (latchgate show ${printable(report.snapshot)})`]);
  rows.push(["took", `${report.milliseconds} ms`]);
  return `${paint("bold", report.output === "-" ? "(standard output)" : printable(report.output))}\n${fields(rows, paint)}`;
}

/** What there is none of is left out. */
export function countWords(counts: Counts): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([names, count]) => plural(count, names.replace(/s$/, ""))).join(", ") || "nothing";
}
