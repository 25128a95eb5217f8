// `latchgate suggest`: the smallest changes that would turn an answer round.

import type { Command } from "commander";
import { EXIT } from "../errors.js";
import { Given, principalOf, type PrincipalOption, type SnapshotOption, withPrincipal, withSnapshot } from "../given.js";
import { principalWords } from "../question.js";
import { type Paint, painter, paragraphs, plural, printable, wrap } from "../text.js";
import type { Suggestion, Suggestions } from "../../insight/types.js";
import { type AskedOptions, askedOf, askedWords, contextOf, type ContextOptions, type PageOptions, partOf, PERMISSION, withAsked, withContext, withJson, withPages } from "./options.js";
import { countsWords, nextLine, stepWords } from "./words.js";
import { askInWorker } from "./worker.js";

const HELP = `
Of what is denied: what would allow it. Of what is allowed: what would take it away. What changes least else stands first; each is
tried, and says all that would come of it, for others too (--json names every permission).

Exit code: 0 there is a way, 1 there is none, 2 no answer (a bad file, nobody of that id, bad usage).

Examples:
  latchgate suggest acme.json p-agent iam/principals:write
  latchgate suggest oa.json u:enduser --action delete --type archive
`;

export function addSuggest(program: Command): void {
  const command = program
    .command("suggest")
    .summary("say the smallest changes that would turn an answer round")
    .description("Say the smallest changes that would turn an answer round, each with what else would come of it.");
  withJson(withPages(withContext(withAsked(withPrincipal(withSnapshot(command)).argument("[permission]", PERMISSION)))))
    .addHelpText("after", paragraphs(HELP))
    .action(async (_snapshot: string | undefined, _principal: string | undefined, _permission: string | undefined, options: SnapshotOption & PrincipalOption & AskedOptions & ContextOptions & PageOptions & { json?: boolean }) => {
      const given = new Given(command.args);
      const snapshot = given.snapshot(options);
      const who = given.principal(options);
      const asked = askedOf(given.next(), options);
      given.end();
      const principal = principalOf(who);
      const found = await askInWorker("suggest", [snapshot], { principal, asked, ...contextOf(options), ...partOf(options) });
      if (options.json) process.stdout.write(`${JSON.stringify(found)}\n`);
      else print(found, principalWords(principal), askedWords(asked));
      process.exitCode = found.total > 0 ? EXIT.allow : EXIT.deny;
    });
}

function print(found: Suggestions, who: string, asked: string): void {
  const paint = painter(process.stdout);
  const ways = found.total === 0 ? "no single change turns that round" : `${plural(found.total, "way")} to ${found.allowed ? "take that away" : "allow it"}`;
  let out = wrap(`${printable(who)} may ${found.allowed ? "" : "not "}${printable(asked)}: ${ways}`, "");
  found.suggestions.forEach((one, at) => (out += `\n${suggestion(one, at + 1, who, paint)}`));
  process.stdout.write(out + nextLine(found.next, found.suggestions.length, found.total, paint));
}

function suggestion({ steps, effects, others }: Suggestion, number: number, who: string, paint: Paint): string {
  const hang = "     ";
  const own = effects.groups.flatMap(({ changes }) => changes).filter(({ principal }) => principal === who).length;
  let out = steps.map((step, at) => `${at === 0 ? `${String(number).padStart(3)}.` : "   +"} ${paint("bold", printable(stepWords(step)))}\n`).join("");
  const all = countsWords(effects);
  out += others.length === 0 ? wrap(`${all}, for nobody else`, hang) : wrap(`${all}; ${own} of it for ${printable(who)}, the rest for ${othersWords(others)}`, hang);
  return out;
}

/** The first few by name; --json has them all. */
function othersWords(others: readonly string[]): string {
  const shown = others.slice(0, 5).map(printable).join(", ");
  return others.length > 5 ? `${shown} and ${others.length - 5} more` : shown;
}
