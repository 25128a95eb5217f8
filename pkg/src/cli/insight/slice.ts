// `latchgate slice`: what one principal needs of a snapshot, and nothing about others.

import type { Command } from "commander";
import { compile } from "../compile.js";
import { EXTENSION } from "../compiled.js";
import { paragraphs } from "../text.js";

const HELP = `
The slice answers every question about its principal as the whole snapshot does, and nothing in it hangs on others: two snapshots
that differ in others only give the same bytes. It is for \`loadPolicy\` of latchgate and of latchgate/reader, in a browser.
\`latchgate show\` and \`latchgate list\` say what is in it.

Exit code: 0 done, 2 the snapshot cannot be used, has nobody of that id, or the slice cannot be written.

Examples:
  latchgate slice acme.json p-agent -o p-agent${EXTENSION}
  latchgate slice acme.json p-agent -o - | gzip > p-agent${EXTENSION}.gz
  latchgate slice shop.json @claims.json -o mine${EXTENSION} --json
`;

export function addSlice(program: Command): void {
  program
    .command("slice")
    .summary("cut out what one principal needs")
    .description("Cut out what one principal needs of a snapshot, to be sent to a browser: one binary that holds nothing about others.")
    .argument("<snapshot>", "the snapshot, as JSON or compiled")
    .argument("<principal>", "an id or alias in the snapshot, or @claims.json for the bearer of a verified token (an id that begins with @ is written @@…)")
    .requiredOption("-o, --output <file>", "where to write the slice; - is standard output")
    .option("--context <json>", "circumstances that add rights, as roles do: JSON, or @file.json")
    .option("--json", "say what was made, and what is in it, as JSON")
    .addHelpText("after", paragraphs(HELP))
    .action(async (snapshot: string, who: string, options: { output: string; context?: string; json?: boolean }) => {
      const claims = who.startsWith("@") && !who.startsWith("@@");
      process.exitCode = await compile(snapshot, { ...options, ...(claims ? { claims: who } : { principal: who.replace(/^@@/, "@") }) });
    });
}
