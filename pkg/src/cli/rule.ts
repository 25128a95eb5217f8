// `latchgate rule`: the sentence behind the number that a decision, a finding or an edit names.

import type { Command } from "commander";
import { type Rule, ruleOf } from "./rules.js";
import { COLUMNS, fold, painter, paragraphs } from "./text.js";

const HELP = `
Decisions, findings and refused edits name a rule of the system by its number. The numbers begin with H (Hantera), E (Emporix), A (Open Archiver), K (Eclipse Kura), I (Ithbat), N (native snapshots) or casl.

Exit code: 0 printed, 2 there is no such rule.

Examples:
  latchgate rule H3
  latchgate rule casl 1.12 #5
`;

export function addRule(program: Command): void {
  program
    .command("rule")
    .summary("print a rule by its number")
    .description("Print the rule that a number stands for, with an example and its source.")
    .argument("<number...>", "the number, as a decision names it")
    .option("--json", "print the rule as JSON")
    .addHelpText("after", paragraphs(HELP))
    .action((number: string[], options: { json?: boolean }) => {
      const rule = ruleOf(number.join(" "));
      process.stdout.write(options.json ? `${JSON.stringify(rule)}\n` : words(rule));
    });
}

function words({ number, page, paragraphs }: Rule): string {
  const paint = painter(process.stdout);
  const text = paragraphs.map((paragraph) => fold(paragraph, COLUMNS).join("\n")).join("\n\n");
  return `${paint("bold", number)}  ${paint("dim", page)}\n\n${text}\n`;
}
