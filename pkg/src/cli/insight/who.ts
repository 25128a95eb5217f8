// `latchgate who`: everybody who can do something.

import type { Command } from "commander";
import { EXIT } from "../errors.js";
import { Given, type SnapshotOption, withSnapshot } from "../given.js";
import { painter, paragraphs, plural, printable } from "../text.js";
import type { Who, WhoEntry } from "../../insight/types.js";
import { type AskedOptions, askedOf, askedWords, contextOf, type ContextOptions, type PageOptions, partOf, PERMISSION, withAsked, withContext, withJson, withPages } from "./options.js";
import { columns } from "./table.js";
import { heldWords, nextLine, whenWords } from "./words.js";
import { askInWorker } from "./worker.js";

const HELP = `
Exit code: 0 done, 2 no answer (a bad file, bad usage).

Examples:
  latchgate who acme.json actors/order:applyCommands
  latchgate who oa.json --action update --type ingestion
  latchgate who oa.json --action update --type ingestion \\
    --record '{"id":"i1","userId":"u1"}'
`;

export function addWho(program: Command): void {
  const command = program
    .command("who")
    .summary("say everybody who can do something")
    .description("Say everybody who can do something, how they hold it, and for which records.");
  withJson(withPages(withContext(withAsked(withSnapshot(command).argument("[permission]", PERMISSION)))))
    .addHelpText("after", paragraphs(HELP))
    .action(async (_snapshot: string | undefined, _permission: string | undefined, options: SnapshotOption & AskedOptions & ContextOptions & PageOptions & { json?: boolean }) => {
      const given = new Given(command.args);
      const snapshot = given.snapshot(options);
      const asked = askedOf(given.next(), options);
      given.end();
      const who = await askInWorker("who", [snapshot], { asked, ...contextOf(options), ...partOf(options) });
      if (options.json) process.stdout.write(`${JSON.stringify(who)}\n`);
      else print(who, askedWords(asked));
      process.exitCode = EXIT.allow;
    });
}

function print(who: Who, asked: string): void {
  const paint = painter(process.stdout);
  let out = `${paint("bold", `${who.total === 0 ? "nobody" : plural(who.total, "principal")} can ${printable(asked)}`)}\n`;
  if (who.principals.length > 0) out += `\n${columns(["principal", "held through"], who.principals.map(row), paint)}`;
  process.stdout.write(out + nextLine(who.next, who.principals.length, who.total, paint));
}

function row({ id, name, when, held }: WhoEntry): [string[], string[]] {
  return [[id, ...(name === undefined || name === id ? [] : [`(${name})`])], [...heldWords(held), ...whenWords(when)]];
}
