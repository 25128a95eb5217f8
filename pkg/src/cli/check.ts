// `latchgate check`: one question, answered and explained.

import { type Command, Option } from "commander";
import type { Question } from "./api.js";
import { EXIT } from "./errors.js";
import { explain } from "./explain.js";
import { jsonOption, loadSnapshot } from "./files.js";
import { Given, principalOf, usage, withPrincipal, withSnapshot } from "./given.js";
import { askWords, principalWords } from "./question.js";
import { painter, paragraphs } from "./text.js";

interface CheckOptions {
  snapshot?: string;
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
  latchgate check acme.json p-agent actors/order:applyCommands
  latchgate check oa.json u:enduser --action update --type ingestion \\
    --record '{"id":"i1","userId":"u1"}'
  latchgate check kura.json appadmin --auth basic \\
    --request "GET services/identity/v1/identities"
  latchgate check -s shop.json -p @claims.json --tenant shop iam.group_read
`;

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function addCheck(program: Command): void {
  const command = program
    .command("check")
    .summary("answer one question and say why")
    .description("Answer one question against a snapshot and say why.");
  withPrincipal(withSnapshot(command))
    .argument("[permission...]", "what is asked, in the system's own spelling")
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
    .action((_snapshot: string | undefined, _principal: string | undefined, _permissions: string[], options: CheckOptions) => {
      process.exitCode = check(new Given(command.args), options);
    });
}

function check(given: Given, options: CheckOptions): number {
  const file = given.snapshot(options);
  const principal = whoAsks(given, options);
  const ask = askOf(given.rest(), options, principal);
  const question = { principal, ask, context: contextOf(options) };
  const policy = loadSnapshot(file);
  const decision = policy.decide(question as unknown as Question);
  if (options.json) process.stdout.write(`${JSON.stringify(decision)}\n`);
  else {
    const words = { principal: principalWords(question.principal), ask: askWords(question.ask) };
    process.stdout.write(explain(decision, words, painter(process.stdout)));
  }
  return EXIT[decision.effect] ?? EXIT.error;
}

function whoAsks(given: Given, options: CheckOptions): unknown {
  if (options.anonymous) {
    if (options.principal !== undefined) throw usage("give --principal or --anonymous, not both");
    return null;
  }
  const principal = given.anybody(options);
  if (principal === undefined) throw usage("say who asks: an id or @claims.json behind the snapshot, --principal ID, or --anonymous");
  return principalOf(principal);
}

function askOf(permissions: string[], options: CheckOptions, who: unknown): Record<string, unknown> {
  const { action, type, request } = options;
  const forms = [permissions.length > 0, action !== undefined || type !== undefined, request !== undefined].filter(Boolean).length;
  if (forms === 0) {
    const taken = options.principal === undefined && typeof who === "string" ? `; \`${who}\` says who asks` : "";
    throw usage(`say what is asked: a permission, --action with --type, or --request${taken}`);
  }
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
