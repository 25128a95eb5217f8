// `latchgate digest`: one hash over all that a snapshot decides.

import type { Command } from "commander";
import { EXIT } from "../errors.js";
import { principalWords } from "../question.js";
import { Given, principalOf, usage } from "../given.js";
import { fileWords } from "../files.js";
import { paragraphs, printable } from "../text.js";
import { contextOf, type ContextOptions, withContext, withJson } from "./options.js";
import { askInWorker } from "./worker.js";

const HELP = `
Two machines that print the same hash agree on every decision: for every principal, every permission, with its conditions. Two
snapshots that are written differently and decide alike have one hash. All arguments are snapshots; where -s has said which, the one
that may follow is the principal.

Exit code: 0 done, 2 no answer (a bad file, nobody of that id, bad usage).

Examples:
  latchgate digest acme.json
  latchgate digest acme.json --principal p-agent
  latchgate digest -s acme.json p-agent
  latchgate digest deployed.lgsn acme.json
`;

export function addDigest(program: Command): void {
  const command = program
    .command("digest")
    .summary("print one hash over all that a snapshot decides")
    .description("Print one hash over all that a snapshot decides, or over all about one principal.")
    .argument("[snapshots...]", "snapshots, as JSON or compiled; - is standard input")
    .option("-s, --snapshot <file>", "the same as an argument; may be given several times", (file: string, before: string[] = []) => [...before, file])
    .option("-p, --principal <id>", "only the decisions about this principal: an id or alias");
  withJson(withContext(command))
    .addHelpText("after", paragraphs(HELP))
    .action(async (others: string[], options: ContextOptions & { snapshot?: string[]; principal?: string; json?: boolean }) => {
      const given = new Given(options.snapshot === undefined ? [] : others);
      const files = options.snapshot ?? others;
      const who = given.anybody(options);
      given.end();
      if (files.length === 0) throw usage("say which snapshot: as an argument, or with --snapshot FILE");
      const ref = who === undefined ? undefined : principalOf(who);
      const principal = ref === undefined ? undefined : principalWords(ref);
      for (const file of files) {
        const digest = await askInWorker("digest", [file], { ...contextOf(options), ...(ref !== undefined && { principal: ref }) });
        const facts = { file, ...(principal !== undefined && { principal }), digest };
        process.stdout.write(options.json ? `${JSON.stringify(facts)}\n` : `${digest}  ${printable(fileWords(file))}\n`);
      }
      process.exitCode = EXIT.allow;
    });
}
