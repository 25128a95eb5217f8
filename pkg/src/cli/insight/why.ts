// `latchgate why`: how an answer comes about, or what it failed by.

import type { Command } from "commander";
import { EXIT } from "../errors.js";
import { effectWord, viaWords } from "../explain.js";
import { ruleWords } from "../rules.js";
import { Given, principalOf, type PrincipalOption, type SnapshotOption, withPrincipal, withSnapshot } from "../given.js";
import { type Paint, behind, painter, paragraphs, printable, wrap } from "../text.js";
import type { Derived, Lack, Tested, Why } from "../../insight/types.js";
import { type AskedOptions, askedOf, askedWords, contextOf, type ContextOptions, PERMISSION, withAsked, withContext, withJson } from "./options.js";
import { askInWorker } from "./worker.js";

const HELP = `
Exit code: 0 allowed, 1 denied, 2 no answer (an error in the policy, a bad file, bad usage).

Examples:
  latchgate why acme.json p-agent actors/order:applyCommands
  latchgate why oa.json u:enduser --action update --type ingestion \\
    --record '{"id":"i1","userId":"u1"}'
`;

export function addWhy(program: Command): void {
  const command = program
    .command("why")
    .summary("say how an answer comes about, grant by grant")
    .description("Say how an answer comes about: the way to each grant, what it asks of the record, and what came near and lacked something.");
  withJson(withContext(withAsked(withPrincipal(withSnapshot(command)).argument("[permission]", PERMISSION))))
    .addHelpText("after", paragraphs(HELP))
    .action(async (_snapshot: string | undefined, _principal: string | undefined, _permission: string | undefined, options: SnapshotOption & PrincipalOption & AskedOptions & ContextOptions & { json?: boolean }) => {
      const given = new Given(command.args);
      const snapshot = given.snapshot(options);
      const who = given.principal(options);
      const asked = askedOf(given.next(), options);
      given.end();
      const why = await askInWorker("why", [snapshot], { principal: principalOf(who), asked, ...contextOf(options) });
      if (options.json) process.stdout.write(`${JSON.stringify(why)}\n`);
      else process.stdout.write(words(why, askedWords(asked), painter(process.stdout)));
      process.exitCode = EXIT[why.decision.effect] ?? EXIT.error;
    });
}

function words({ decision, grants, near, message }: Why, asked: string, paint: Paint): string {
  let out = `${behind(`${effectWord(decision.effect, paint)}  `, decision.effect.length + 2, printable(asked))}\n${wrap(printable(message), "  ")}`;
  if (decision.rule !== null) out += `\n  ${paint("dim", `rule ${ruleWords(decision.rule)}`)}\n`;
  const others = grants.filter(({ decides }) => !decides);
  out += section("decided by", grants.filter(({ decides }) => decides), paint);
  out += section("applies as well", others, paint);
  out += section("came near", near, paint);
  return out;
}

function section(title: string, grants: readonly Derived[], paint: Paint): string {
  if (grants.length === 0) return "";
  return `\n  ${paint("dim", title)}\n${grants.map((grant) => derived(grant, paint)).join("")}`;
}

const HANG = " ".repeat(11);

function derived({ effect, permission, via, reason, rule, tests, lacks }: Derived, paint: Paint): string {
  let out = `    ${paint(effect === "allow" ? "green" : "red", effect.padEnd(5))}  ${printable(permission)}${rule === undefined ? "" : paint("dim", `  rule ${printable(rule)}`)}\n`;
  out += wrap(printable(viaWords(via)), HANG);
  if (reason !== undefined) out += wrap(`reason: ${printable(reason)}`, HANG);
  for (const test of tests ?? []) out += wrap(testWords(test, paint), HANG);
  for (const lack of lacks ?? []) out += `${HANG}${paint("yellow", LACKS[lack.what])}${placeOf(lack)}\n`;
  return out;
}

const LACKS: Record<Lack["what"], string> = {
  action: "but it is on another action",
  resource: "but it is on another resource",
  condition: "but its condition does not hold",
  undefined: "but the snapshot does not define what is asked for",
  placeholder: "but a value that its condition needs is not there",
  field: "but it is on other fields",
  tenant: "but it is held for tenant",
  legalEntity: "but it is held for legal entity",
};

function placeOf(lack: Lack): string {
  if (lack.what === "tenant") return ` ${printable(lack.tenant)}`;
  return lack.what === "legalEntity" ? ` ${printable(lack.entity)}` : "";
}

/** `userId $eq "u1": the record has "u2", no` */
function testWords({ path, operator, expected, actual, holds }: Tested, paint: Paint): string {
  const test = `${path} ${operator} ${JSON.stringify(expected)}`;
  if (holds === undefined) return printable(`if ${test}`);
  const has = actual === undefined ? "the record has none" : `the record has ${JSON.stringify(actual)}`;
  return `${printable(`${test}: ${has}`)}, ${holds ? paint("green", "holds") : paint("red", "does not hold")}`;
}
