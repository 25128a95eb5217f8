// `latchgate edit`: what requests of the system's own API would make of a snapshot, or why its server would refuse them.

import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { CliError, EXIT } from "../errors.js";
import { fileWords, readJson } from "../files.js";
import { Given, type SnapshotOption, usage, withSnapshot } from "../given.js";
import { isObject } from "../json.js";
import { type Paint, painter, paragraphs, plural, printable, wrap } from "../text.js";
import type { Diff, Edit, Edited } from "../../insight/types.js";
import { withJson } from "./options.js";
import { countsWords, groupLines } from "./words.js";
import { askInWorker } from "./worker.js";

const HELP = `
An edit is { "actor"?, "context"?, "request": { "method", "path", "query"?, "headers"?, "body"? } }; several are a list, of which all
are applied or none. With "actor" it is checked whether that one may send the request. Nothing is sent anywhere, and the
snapshot's file stays as it is: -o says where the new one goes.

Exit code: 0 applied, 1 refused as the server would refuse it, 2 no answer (a bad file, no edit at all, bad usage).

Examples:
  latchgate edit acme.json edits.json                    what would come of it?
  latchgate edit acme.json edits.json -o acme.new.json   and the new snapshot
  echo '{"request":{"method":"DELETE","path":"/roles/r-1"}}' |
    latchgate edit acme.json -
`;

export function addEdit(program: Command): void {
  const command = program
    .command("edit")
    .summary("say what requests would make of a snapshot")
    .description("Say what requests of the system's own API would make of a snapshot: who gains and who loses what, or the server's refusal.");
  withSnapshot(command, "the snapshot, as JSON")
    .argument("[edits]", "a JSON file with an edit or a list of them; - is standard input")
    .option("-o, --output <file>", "where to write the new snapshot; - is standard output");
  withJson(command)
    .addHelpText("after", paragraphs(HELP))
    .action(async (_snapshot: string | undefined, _edits: string | undefined, options: SnapshotOption & { output?: string; json?: boolean }) => {
      const { output, json } = options;
      const given = new Given(command.args);
      const snapshot = given.snapshot(options);
      const from = given.next();
      given.end();
      if (from === undefined) throw usage("say which edits: a JSON file behind the snapshot, or - for standard input");
      const edits = editsFrom(from);
      const { edited, diff } = await askInWorker("edit", [snapshot], { edits, diff: true });
      if (edited.ok && output !== undefined) write(output, edited.snapshot);
      const stream = output === "-" && edited.ok ? process.stderr : process.stdout;
      stream.write(json ? `${JSON.stringify(output === undefined ? { ...edited, diff } : { ...without(edited), diff })}\n` : words(edited, diff, output, painter(stream)));
      process.exitCode = edited.ok ? EXIT.allow : EXIT.deny;
    });
}

function editsFrom(file: string): Edit | Edit[] {
  const edits = readJson(file);
  if (!isObject(edits) && !Array.isArray(edits)) throw new CliError("ERR_ARGUMENT", "an edit is a JSON object, several are a list", { file: fileWords(file) });
  return edits as unknown as Edit | Edit[];
}

/** The new snapshot stands in its file already. */
function without(edited: Edited): object {
  const { snapshot: _, ...rest } = edited as Edited & { snapshot?: string };
  return rest;
}

function write(output: string, snapshot: string): void {
  if (output === "-") {
    process.stdout.write(`${snapshot}\n`);
    return;
  }
  try {
    writeFileSync(output, `${snapshot}\n`);
  } catch (thrown) {
    throw new CliError("ERR_FILE_WRITE", `the snapshot cannot be written (${(thrown as NodeJS.ErrnoException).code ?? "unknown reason"})`, { file: output });
  }
}

function words(edited: Edited, diff: Diff | undefined, output: string | undefined, paint: Paint): string {
  if (!edited.ok) {
    const head = `${paint(["bold", "red"], "REFUSED")}  edit ${edited.index + 1}, status ${edited.status}\n\n${wrap(printable(edited.message), "  ")}`;
    return `${head}\n  ${paint("dim", `${edited.code}, rule ${printable(edited.rule)}, at ${printable(edited.path)}`)}\n${unchecked(edited.actorChecked, "  ")}`;
  }
  let out = `${paint(["bold", "green"], "APPLIED")}  ${plural(edited.edits.length, "edit")}\n\n`;
  edited.edits.forEach((one, at) => {
    out += `  edit ${at + 1}: status ${one.status}${one.changed ? "" : ", nothing changed"}${one.etag === undefined ? "" : `, ETag ${printable(one.etag)}`}\n`;
    for (const note of one.notes) out += wrap(printable(note), "    ");
    out += unchecked(one.actorChecked, "    ");
  });
  if (diff !== undefined) out += `\n  ${countsWords(diff)}\n${diff.groups.length > 0 ? `\n${groupLines(diff.groups, paint)}` : ""}`;
  return output === undefined || output === "-" ? out : `${out}\n  the new snapshot is in ${printable(output)}\n`;
}

const unchecked = (checked: boolean, indent: string): string => (checked ? "" : `${indent}no actor is named, so nobody's right to it was checked\n`);
