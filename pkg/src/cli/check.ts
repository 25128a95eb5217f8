// `latchgate check`: one question, answered and explained.

import { type Command, Option } from "commander";
import type { Question } from "./api.js";
import { CliError, EXIT } from "./errors.js";
import { explain } from "./explain.js";
import { jsonOption, loadSnapshot, readJson } from "./files.js";
import { isObject } from "./json.js";
import { askWords, principalWords } from "./question.js";
import { painter, paragraphs } from "./text.js";

interface CheckOptions {
  snapshot: string;
  principal?: string;
  anonymous?: boolean;
  any?: boolean;
  action?: string[];
  type?: string;
  record?: string;
  field?: string;
  list?: boolean;
  request?: string;
  attributes?: string;
  layer?: string;
  tenant?: string;
  auth?: string;
  sessionScopes?: string;
  legalEntity?: string;
  role?: string[];
  principalAttributes?: string;
  now?: string;
  json?: boolean;
}

const HELP = `
The question is one of:
  PERMISSION                    a permission, scope or ACE in the system's own
                                spelling; several: all of them
  --action A --type T           may it be done to at least one record of it?
  --action A --type T --record  may it be done to this record?
  --action A --type T --list    which records of this type may be listed: all,
                                none, or those that meet conditions
  --request "GET /path"         may this request be made?

Exit code: 0 allowed, 1 denied, 2 no answer (an error in the policy, a bad file, bad usage).

Examples:
  latchgate check -s acme.json -p p-agent actors/order:applyCommands
  latchgate check -s oa.json -p u:enduser --action update --type ingestion \\
    --record '{"id":"i1","userId":"u1"}'
  latchgate check -s kura.json -p appadmin --auth basic \\
    --request "GET services/identity/v1/identities"
  latchgate check -s shop.json -p @claims.json --tenant shop iam.group_read
`;

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function addCheck(program: Command): void {
  program
    .command("check")
    .summary("answer one question and say why")
    .description("Answer one question against a snapshot and say why.")
    .argument("[permission...]", "what is asked, in the system's own spelling")
    .requiredOption("-s, --snapshot <file>", "the snapshot to decide on")
    .option("-p, --principal <id>", "who asks: an id or alias in the snapshot, or @claims.json for the claims of a verified token (an id that begins with @ is written @@…)")
    .option("--anonymous", "nobody is logged in")
    .optionsGroup("The question:")
    .option("--any", "with several permissions: one of them is enough")
    .option("-a, --action <action>", "an action; with --list it may be given more than once", collect)
    .option("-t, --type <type>", "the type of record that the action is for")
    .option("-r, --record <json>", "the record as JSON, or @file.json")
    .option("--field <name>", "ask for one field of the record")
    .option("--list", "ask which records of the type may be listed")
    .option("--request <request>", 'a request: method, blank, path, as in "GET /v1/users"')
    .option("--attributes <json>", "facts about the request as JSON, or @file.json: {principal, resource, …}")
    .addOption(new Option("--layer <layer>", "the layer of the server that is asked").choices(["write-rule"]))
    .optionsGroup("The circumstances:")
    .option("--tenant <id>", "the tenant that the request is for")
    .option("--auth <method>", "how the principal logged in: basic, session-password, certificate, token or none")
    .option("--session-scopes <scopes>", "scopes granted at sign-in, separated by blanks")
    .option("--legal-entity <id>", "the company that a customer acts for")
    .option("--role <role>", "a role held for this question only; may be given more than once", collect)
    .option("--principal-attributes <json>", "attributes of the principal as JSON, or @file.json")
    .option("--now <time>", 'the time of the question, as 2026-11-21T09:00:00Z, or "now"')
    .optionsGroup("Output:")
    .option("--json", "print the decision as JSON and nothing else")
    .addHelpText("after", paragraphs(HELP))
    .action((permissions: string[], options: CheckOptions) => {
      process.exitCode = check(permissions, options);
    });
}

function check(permissions: string[], options: CheckOptions): number {
  const question = {
    principal: principalOf(options),
    ask: askOf(permissions, options),
    context: contextOf(options),
  };
  const policy = loadSnapshot(options.snapshot);
  const decision = policy.decide(question as unknown as Question);
  if (options.json) process.stdout.write(`${JSON.stringify(decision)}\n`);
  else {
    const words = { principal: principalWords(question.principal), ask: askWords(question.ask) };
    process.stdout.write(explain(decision, words, painter(process.stdout)));
  }
  return EXIT[decision.effect] ?? EXIT.error;
}

const usage = (message: string): CliError => new CliError("ERR_USAGE", message);

function principalOf({ principal, anonymous }: CheckOptions): unknown {
  if (anonymous) {
    if (principal !== undefined) throw usage("give --principal or --anonymous, not both");
    return null;
  }
  if (principal === undefined) throw usage("say who asks: --principal ID, --principal @claims.json, or --anonymous");
  if (principal.startsWith("@@")) return principal.slice(1);
  if (!principal.startsWith("@")) return principal;
  const file = principal.slice(1);
  const claims = readJson(file);
  if (!isObject(claims)) throw new CliError("ERR_ARGUMENT", "claims are a JSON object", { file });
  return claims;
}

function askOf(permissions: string[], options: CheckOptions): Record<string, unknown> {
  const { action, type, request } = options;
  const forms = [permissions.length > 0, action !== undefined || type !== undefined, request !== undefined].filter(Boolean).length;
  if (forms === 0) throw usage("say what is asked: a permission, --action with --type, or --request");
  if (forms > 1) throw usage("ask one thing: a permission, --action with --type, or --request");
  refuseStray(options, permissions);
  if (request !== undefined) return requestAsk(request, options);
  if (permissions.length > 0) return permissionAsk(permissions, options.any === true);
  return recordAsk(options);
}

/** An option that the question does not use would be ignored in silence: refuse it. */
function refuseStray(options: CheckOptions, permissions: string[]): void {
  const { action, type, request } = options;
  const stray = (name: string, given: unknown, used: boolean, needs: string): void => {
    if (given !== undefined && !used) throw usage(`${name} only means something with ${needs}`);
  };
  stray("--any", options.any, permissions.length > 0, "permissions");
  const record = action !== undefined && type !== undefined;
  stray("--record", options.record, record, "--action and --type");
  stray("--field", options.field, record, "--action and --type");
  stray("--list", options.list, record, "--action and --type");
  stray("--attributes", options.attributes, request !== undefined, "--request");
  stray("--layer", options.layer, request !== undefined, "--request");
}

function permissionAsk(permissions: string[], any: boolean): Record<string, unknown> {
  if (permissions.length === 1) return { kind: "permission", permission: permissions[0] };
  return any ? { kind: "permission", anyOf: permissions } : { kind: "permission", allOf: permissions };
}

function recordAsk(options: CheckOptions): Record<string, unknown> {
  const { action, type: subject } = options;
  if (action === undefined) throw usage("--type needs --action");
  if (subject === undefined) throw usage("--action needs --type");
  if (options.list) {
    if (options.record !== undefined || options.field !== undefined) throw usage("--list asks about all records: leave --record and --field out");
    return { kind: "filter", actions: action, subject };
  }
  if (action.length > 1) throw usage("several actions can only be asked with --list");
  const ask: Record<string, unknown> = { kind: options.record === undefined ? "type" : "instance", action: action[0], subject };
  if (options.record !== undefined) ask.object = jsonOption(options.record, "--record");
  if (options.field !== undefined) ask.field = options.field;
  return ask;
}

function requestAsk(request: string, options: CheckOptions): Record<string, unknown> {
  const match = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s+(\S+)\s*$/.exec(request);
  if (match === null) throw usage('--request takes a method and a path, as in "GET /v1/users"');
  const ask: Record<string, unknown> = { kind: "route", method: match[1], path: match[2] };
  if (options.attributes !== undefined) ask.attributes = jsonOption(options.attributes, "--attributes");
  if (options.layer !== undefined) ask.layer = options.layer;
  return ask;
}

function contextOf(options: CheckOptions): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  if (options.tenant !== undefined) context.tenant = options.tenant;
  if (options.auth !== undefined) context.auth = options.auth;
  if (options.sessionScopes !== undefined) context.sessionScopes = options.sessionScopes;
  if (options.legalEntity !== undefined) context.legalEntityId = options.legalEntity;
  if (options.role !== undefined) context.roles = options.role;
  if (options.principalAttributes !== undefined) context.attributes = jsonOption(options.principalAttributes, "--principal-attributes");
  if (options.now !== undefined) context.now = options.now === "now" ? new Date().toISOString() : options.now;
  return context;
}
