// `latchgate digest`: one hash over all that a snapshot decides.

import type { Command } from "commander";
import { EXIT } from "../errors.js";
import { paragraphs, printable } from "../text.js";
import { contextOf, type ContextOptions, withContext, withJson } from "./options.js";
import { askInWorker } from "./worker.js";

const HELP = `
Two machines that print the same hash agree on every decision: for every principal, every permission, with its conditions. Two
snapshots that are written differently and decide alike have one hash.

Exit code: 0 done, 2 no answer (a bad file, nobody of that id, bad usage).

Examples:
  latchgate digest acme.json
  latchgate digest acme.json --principal p-agent
  latchgate digest deployed.lgsn acme.json
`;

export function addDigest(program: Command): void {
  const command = program
    .command("digest")
    .summary("print one hash over all that a snapshot decides")
    .description("Print one hash over all that a snapshot decides, or over all about one principal.")
    .argument("<snapshots...>", "snapshots, as JSON or compiled")
    .option("-p, --principal <id>", "only the decisions about this principal");
  withJson(withContext(command))
    .addHelpText("after", paragraphs(HELP))
    .action(async (files: string[], options: ContextOptions & { principal?: string; json?: boolean }) => {
      const { principal } = options;
      for (const file of files) {
        const digest = await askInWorker("digest", [file], { ...contextOf(options), ...(principal !== undefined && { principal }) });
        const facts = { file, ...(principal !== undefined && { principal }), digest };
        process.stdout.write(options.json ? `${JSON.stringify(facts)}\n` : `${digest}  ${printable(file)}\n`);
      }
      process.exitCode = EXIT.allow;
    });
}
