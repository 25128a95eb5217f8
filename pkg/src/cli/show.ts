// `latchgate show`: what a snapshot holds, and what its reader should know about it.

import type { Command } from "commander";
import type { Layout, Policy } from "./api.js";
import { countWords } from "./compile.js";
import { size } from "./compiled.js";
import { EXIT } from "./errors.js";
import { fileWords, loadSnapshot } from "./files.js";
import { Given, type SnapshotOption, withSnapshot } from "./given.js";
import { fields, type Paint, painter, paragraphs, plural, printable, table, wrap } from "./text.js";

const HELP = `
Exit code: 0 the snapshot can be used, 2 it cannot; then the error says where in the file and why.

Examples:
  latchgate show acme.json
  latchgate show acme.lgsn
`;

/** So many principals are shown; a snapshot may hold thousands. */
const FIRST = 10;

export function addShow(program: Command): void {
  const command = program
    .command("show")
    .summary("say what a snapshot holds")
    .description("Say what a snapshot holds: its system, its roles with their grants, its first principals, its warnings.");
  withSnapshot(command)
    .option("--all", `show all principals, not only the first ${FIRST}`)
    .option("--json", "print the same as JSON and nothing else")
    .addHelpText("after", paragraphs(HELP))
    .action((_: string | undefined, options: SnapshotOption & { all?: boolean; json?: boolean }) => {
      const given = new Given(command.args);
      const file = given.snapshot(options);
      given.end();
      const policy = loadSnapshot(file);
      const compiled = compiledFacts(policy);
      if (options.json) process.stdout.write(`${JSON.stringify(machineForm(policy, compiled), null, 2)}\n`);
      else process.stdout.write(report(file, policy, compiled, options.all === true, painter(process.stdout)));
      process.exitCode = EXIT.allow;
    });
}

type CompiledFacts = Omit<Layout, "from">;

/** Of a file that is compiled. */
function compiledFacts(policy: Policy): CompiledFacts | undefined {
  const { from, ...facts } = policy.layout();
  return from === "compiled" ? facts : undefined;
}

function facts(policy: Policy) {
  const { system, tenant, version, serverVersion, etag, issuedAt, expiresAt } = policy;
  return { system, tenant, version, serverVersion, etag, issuedAt, expiresAt };
}

function machineForm(policy: Policy, compiled: CompiledFacts | undefined) {
  return {
    ...facts(policy),
    ...(compiled === undefined ? {} : { compiled }),
    counts: policy.counts,
    roles: policy.list("roles"),
    principals: principalsOf(policy),
    warnings: policy.warnings,
  };
}

function report(file: string, policy: Policy, compiled: CompiledFacts | undefined, all: boolean, paint: Paint): string {
  const rows = Object.entries(facts(policy))
    .filter((row): row is [string, string] => row[1] !== undefined && row[1] !== null)
    .map(([label, value]): [string, string] => [LABELS[label] ?? label, printable(String(value))]);
  rows.push(["holds", countWords(policy.counts)]);
  if (compiled !== undefined) rows.push(["compiled", compiledWords(compiled)], ["made of", sectionWords(compiled)]);
  let out = `${paint("bold", printable(fileWords(file)))}\n${fields(rows, paint)}`;

  const roles = policy.list("roles");
  // What stands between user and permission in Emporix is called so.
  out += section(policy.system === "emporix" ? "Access controls" : "Roles", roles.length, paint);
  out += table(roles.map((role) => [nameOf(role), grantWords(role), titleOf(role)]));

  const superusers = new Set(roles.filter((role) => role.superuser === true).map((role) => role.id));
  const principals = principalsOf(policy);
  const shown = all ? principals : principals.slice(0, FIRST);
  out += section("Principals", principals.length, paint);
  out += table(shown.map((principal) => [nameOf(principal), kindOf(principal), holdings(policy, principal, superusers), statusOf(principal)]));
  if (shown.length < principals.length) out += `  … and ${principals.length - shown.length} more (--all shows them)\n`;

  out += section("Warnings", policy.warnings.length, paint);
  for (const warning of policy.warnings) {
    out += `  ${paint("yellow", printable(warning.code))}  ${printable(warning.path)}\n${wrap(printable(warning.message), "    ")}`;
  }
  return out;
}

const LABELS: Record<string, string> = { serverVersion: "server version", issuedAt: "issued at", expiresAt: "expires at" };

function section(title: string, count: number, paint: Paint): string {
  return `\n${paint("bold", title)} ${paint("dim", `(${count})`)}\n`;
}

type Entry = Record<string, unknown>;

/** The core has opened it, so its check sum is right. */
function compiledWords({ format, bytes, slice }: CompiledFacts): string {
  return `format ${format}, ${size(bytes)}, check sum right, ${slice ? "what one principal needs" : "the whole snapshot"}`;
}

/** The largest sections. */
function sectionWords({ sections }: CompiledFacts): string {
  const largest = Object.entries(sections).sort(([, one], [, other]) => other - one);
  const shown = largest.slice(0, 5).map(([name, bytes]) => `${name} ${size(bytes)}`);
  return `${shown.join(", ")}${largest.length > shown.length ? ", …" : ""}`;
}

function principalsOf(policy: Policy): Entry[] {
  return policy.list("principals");
}

function nameOf(entry: Entry): string {
  return printable(String(entry.id ?? entry.key ?? entry.name ?? "?"));
}

function titleOf(entry: Entry): string {
  return typeof entry.name === "string" && entry.name !== entry.id ? printable(entry.name) : "";
}

function grantWords(role: Entry): string {
  if (role.superuser === true) return "everything";
  return Array.isArray(role.grants) ? plural(role.grants.length, "grant") : "";
}

function kindOf(principal: Entry): string {
  return typeof principal.type === "string" ? printable(principal.type) : "";
}

/** The roles or groups by name where the list has them, and how many grants that makes. */
function holdings(policy: Policy, principal: Entry, superusers: ReadonlySet<unknown>): string {
  const held = [principal.holds ?? principal.roles].flat().filter((one) => typeof one === "string");
  const user = policy.principal(String(principal.id));
  const grants = held.some((one) => superusers.has(one)) ? "everything" : plural(user.grants().length, "grant");
  user.free();
  return printable(held.length === 0 ? grants : `${grants} through ${held.join(", ")}`);
}

function statusOf(principal: Entry): string {
  return principal.suspended === true || typeof principal.suspendedAt === "string" ? "suspended" : "";
}
