// `latchgate slice`: what one principal needs of a snapshot, and nothing about others.

import type { Command } from "commander";
import { compile } from "../compile.js";
import { Given, type PrincipalOption, type SnapshotOption, usage, withPrincipal, withSnapshot } from "../given.js";
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
  const command = program
    .command("slice")
    .summary("cut out what one principal needs")
    .description("Cut out what one principal needs of a snapshot, to be sent to a browser: one binary that holds nothing about others.");
  withPrincipal(withSnapshot(command))
    .option("-o, --output <file>", "where to write the slice; - is standard output")
    .option("--context <json>", "circumstances that add rights, as roles do: JSON, or @file.json")
    .option("--json", "say what was made, and what is in it, as JSON")
    .addHelpText("after", paragraphs(HELP))
    .action(async (_snapshot: string | undefined, _principal: string | undefined, options: SnapshotOption & PrincipalOption & { output?: string; context?: string; json?: boolean }) => {
      const given = new Given(command.args);
      const snapshot = given.snapshot(options);
      const principal = given.principal(options);
      given.end();
      if (options.output === undefined) throw usage("say with -o where to write the slice; - is standard output");
      process.exitCode = await compile(snapshot, { ...options, principal });
    });
}
