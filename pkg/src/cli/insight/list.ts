// `latchgate list`: everything that one principal can do.

import type { Command } from "commander";
import { CliError, EXIT } from "../errors.js";
import { fileWords } from "../files.js";
import { Given, principalOf, type PrincipalOption, type SnapshotOption, withPrincipal, withSnapshot } from "../given.js";
import { principalWords } from "../question.js";
import { painter, paragraphs, plural, printable } from "../text.js";
import type { List, ListEntry } from "../../insight/types.js";
import { contextOf, type ContextOptions, type PageOptions, partOf, withContext, withJson, withPages } from "./options.js";
import { columns } from "./table.js";
import { heldWords, nextLine, whenWords } from "./words.js";
import { askInWorker } from "./worker.js";

const HELP = `
A line that ends with a star stands for all that it covers, less what stands below it with "except". A question is allowed
exactly if a line covers it and no exception of that line does.

Exit code: 0 done, 2 no answer (a bad file, nobody of that id, bad usage).

Examples:
  latchgate list acme.json p-agent
  latchgate list shop.json u-1 --context '{"tenant":"shop"}' --limit 20
  latchgate list acme.json p-agent --json | jq -r '.entries[].permission'
`;

export function addList(program: Command): void {
  const command = program
    .command("list")
    .summary("say everything that one principal can do")
    .description("Say everything that one principal can do, how each of it is held, and for which records.");
  withJson(withPages(withContext(withPrincipal(withSnapshot(command)))))
    .addHelpText("after", paragraphs(HELP))
    .action(async (_snapshot: string | undefined, _principal: string | undefined, options: SnapshotOption & PrincipalOption & ContextOptions & PageOptions & { json?: boolean }) => {
      const given = new Given(command.args);
      const snapshot = given.snapshot(options);
      const principal = principalOf(given.principal(options));
      given.end();
      const list = await askInWorker("list", [snapshot], { principal, ...contextOf(options), ...partOf(options) });
      if (list.refusal === "unknown_principal") throw nobody(snapshot, principalWords(principal));
      if (options.json) process.stdout.write(`${JSON.stringify(list)}\n`);
      else print(list, principalWords(principal));
      process.exitCode = EXIT.allow;
    });
}

export const nobody = (file: string, who: string): CliError => new CliError("ERR_ARGUMENT", `the snapshot has no principal \`${who}\``, { file: fileWords(file) });

function print(list: List, who: string): void {
  const paint = painter(process.stdout);
  const through = list.superuser ? ": every check is passed" : "";
  let out = `${paint("bold", `${printable(who)} can do ${list.total === 0 ? "nothing" : plural(list.total, "thing")}`)}${through}\n`;
  if (list.refusal !== undefined) out += `  whatever is asked: ${list.refusal}\n`;
  if (list.entries.length > 0) out += `\n${columns(["permission", "held through"], list.entries.map(row), paint)}`;
  if (!list.complete) out += "\n  allows and denies overlap in too many ways: there may be more exceptions\n";
  process.stdout.write(out + nextLine(list.next, list.entries.length, list.total, paint));
}

function row({ permission, when, except, held }: ListEntry): [string[], string[]] {
  const exceptions = (except ?? []).map(({ permission, standing }) => `except ${permission}${standing === "deny" ? "" : ` (${standing})`}`);
  return [[permission, ...exceptions], [...heldWords(held), ...whenWords(when)]];
}
