import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { test } from "node:test";
import { CLI, run, scratch, snapshot } from "./run.mjs";

const hantera = ["check", "--snapshot", snapshot("hantera.main")];

test("an allowed permission: exit 0, the headline, the rule, the grant and how it is held", async () => {
  const { code, stdout, stderr } = await run([...hantera, "--principal", "p-agent", "actors/order:applyCommands"]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.match(stdout, /^ALLOW {2}actors\/order:applyCommands\n/);
  assert.match(stdout, /^ {2}code {7}granted$/m);
  assert.match(stdout, /^ {2}rule {7}H3, docs\/rules\/hantera\.md#h3$/m);
  assert.match(stdout, /^ {4}allow {2}actors:\*\s+held through role support:agent$/m);
});

test("a denied permission: exit 1, and nothing on stderr", async () => {
  const { code, stdout, stderr } = await run([...hantera, "-p", "p-agent", "registry:write"]);
  assert.equal(stderr, "");
  assert.equal(code, 1);
  assert.match(stdout, /^DENY {2}registry:write\n/);
  assert.match(stdout, /no_grant/);
});

test("an error of the policy itself: exit 2, told apart from a denial", async () => {
  const { code, stdout } = await run(["check", "-s", snapshot("oa.main"), "-p", "u:emptyfields", "--action", "read", "--type", "ingestion"]);
  assert.equal(code, 2);
  assert.match(stdout, /^ERROR {2}read ingestion \(any\)\n/);
});

test("--json prints the decision and nothing else", async () => {
  const { code, stdout } = await run([...hantera, "-p", "p-agent", "--json", "registry:write"]);
  assert.equal(code, 1);
  const decision = JSON.parse(stdout);
  assert.equal(decision.effect, "deny");
  assert.equal(decision.code, "no_grant");
  assert.equal(decision.status, 403);
  assert.equal(decision.snapshot.system, "hantera");
  assert.equal(typeof decision.message, "string");
});

test("no escape sequences without a terminal, and colour on demand", async () => {
  const args = [...hantera, "-p", "p-agent", "registry:write"];
  assert.doesNotMatch((await run(args)).stdout, /\u001b/);
  assert.match((await run(args, { env: { FORCE_COLOR: "1" } })).stdout, /\u001b\[/);
  assert.doesNotMatch((await run(args, { env: { FORCE_COLOR: "1", NO_COLOR: "1" } })).stdout, /\u001b/);
});

test("a name cannot write to the terminal", async () => {
  const { stdout } = await run([...hantera, "-p", "p\u001b[31m\u202e", "registry:write"]);
  assert.doesNotMatch(stdout, /[\u001b\u202e]/);
  assert.match(stdout, /p\\u\{1b\}\[31m\\u\{202e\}/);
});

test("session scopes bound what the roles give", async () => {
  const ask = [...hantera, "-p", "p-agent", "--session-scopes", "actors/order:* me:*"];
  assert.equal((await run([...ask, "actors/order:applyCommands"])).code, 0);
  const outside = await run([...ask, "--json", "graph:query"]);
  assert.equal(outside.code, 1);
  assert.equal(JSON.parse(outside.stdout).code, "scope_not_granted");
});

test("a tenant that is not the snapshot's is refused", async () => {
  const ask = ["check", "-s", snapshot("emporix.main"), "-p", "u-view", "--json"];
  assert.equal((await run([...ask, "iam.group_read"])).code, 0);
  const other = await run([...ask, "--tenant", "othertenant", "iam.group_read"]);
  assert.equal(other.code, 1);
  assert.equal(JSON.parse(other.stdout).status, 401);
});

test("several permissions: all of them, or one of them with --any", async () => {
  const ask = ["check", "-s", snapshot("kura.main"), "-p", "appadmin"];
  assert.equal((await run([...ask, "kura.packages.admin", "kura.wires.admin"])).code, 0);
  assert.equal((await run([...ask, "kura.packages.admin", "rest.identity"])).code, 1);
  assert.equal((await run([...ask, "--any", "kura.packages.admin", "rest.identity"])).code, 0);
});

test("a type question and a record question differ", async (context) => {
  const ask = ["check", "-s", snapshot("oa.main"), "-p", "u:enduser", "--action", "update", "--type", "ingestion"];
  assert.equal((await run(ask)).code, 0);
  const own = { id: "i1", userId: "11111111-1111-4111-8111-111111111111" };
  assert.equal((await run([...ask, "--record", JSON.stringify(own)])).code, 0);
  const file = scratch(context).write("record.json", { ...own, userId: "22222222-2222-4222-8222-222222222222" });
  const { code, stdout } = await run([...ask, "--record", `@${file}`]);
  assert.equal(code, 1);
  assert.match(stdout, /^DENY {2}update ingestion\s+\{"id":"i1"/);
});

test("--list asks which records may be listed", async () => {
  const ask = (principal, ...actions) => ["check", "-s", snapshot("oa.main"), "-p", principal, ...actions.flatMap((a) => ["-a", a]), "--list", "--json"];
  const all = await run([...ask("u:denyfirst", "read"), "-t", "ingestion"]);
  assert.equal(JSON.parse(all.stdout).filter, "all");
  const none = await run([...ask("u:denyonly", "read", "search"), "-t", "archive"]);
  assert.equal(JSON.parse(none.stdout).filter, "none");
});

test("a request, with the way of logging in", async () => {
  const ask = ["check", "-s", snapshot("kura.main"), "-p", "newadmin", "--request", "GET services/identity/v1/identities"];
  assert.equal((await run([...ask, "--auth", "certificate"])).code, 0);
  assert.equal((await run([...ask, "--auth", "basic"])).code, 1);
});

test("a request with attributes", async () => {
  const ask = ["check", "-s", snapshot("emporix.main"), "-p", "s-customer", "--request", "POST /iam/yourtenant/groups/g-cust/users", "--attributes"];
  assert.equal((await run([...ask, '{"principal":{"legalEntityId":"le-1"},"resource":{"legalEntityId":"le-1"}}'])).code, 0);
  assert.equal((await run([...ask, '{"principal":{"legalEntityId":"le-1"},"resource":{"legalEntityId":"le-2"}}'])).code, 1);
});

test("nobody logged in is a 401", async () => {
  const { code, stdout } = await run(["check", "-s", snapshot("kura.main"), "--anonymous", "--auth", "none", "--json", "--request", "GET services/identity/v1/identities"]);
  assert.equal(code, 1);
  assert.equal(JSON.parse(stdout).status, 401);
});

test("the claims of a token as principal", async (context) => {
  const file = scratch(context).write("claims.json", { userId: "someone", scope: "tenant=yourtenant iam.group_read" });
  const ask = ["check", "-s", snapshot("emporix.main"), "-p", `@${file}`];
  const { code, stdout } = await run([...ask, "iam.group_read"]);
  assert.equal(code, 0);
  assert.match(stdout, /claims of someone/);
  assert.match(stdout, /said by the token/);
  assert.equal((await run([...ask, "iam.group_manage"])).code, 1);
});

test("bad usage: exit 2, one sentence, no stack trace", async (context) => {
  const { write } = scratch(context);
  const claims = write("claims.json", "[]");
  const cases = [
    [[...hantera, "registry:read"], /ERR_USAGE: say what is asked: .*; `registry:read` says who asks\n/],
    [hantera, /ERR_USAGE: say who asks/],
    [[...hantera, "-p", "p-agent"], /ERR_USAGE: say what is asked/],
    [[...hantera, "-p", "p-agent", "a:b", "--request", "GET /x"], /ERR_USAGE: ask one thing/],
    [[...hantera, "-p", "p-agent", "--anonymous", "a:b"], /ERR_USAGE: give --principal or --anonymous/],
    [[...hantera, "-p", "p-agent", "--action", "read"], /ERR_USAGE: --action needs --type/],
    [[...hantera, "-p", "p-agent", "--record", "{}", "a:b"], /ERR_USAGE: --record only means something with/],
    [[...hantera, "-p", "p-agent", "--request", "/only/a/path"], /ERR_USAGE: --request takes a method and a path/],
    [[...hantera, "-p", "p-agent", "-a", "read", "-t", "x", "-r", "{"], /ERR_JSON: --record: not valid JSON/],
    [[...hantera, "-p", "p-agent", "-a", "read", "-t", "x", "-r", "[]"], /ERR_ARGUMENT: --record takes a JSON object/],
    [[...hantera, "-p", "p-agent", "-a", "read", "-t", "x", "-r", '{"a":1,"a":2}'], /ERR_KEY_DUPLICATE at \$\.a: --record: the key `a` stands twice/],
    [[...hantera, "-p", `@${claims}`, "a:b"], /ERR_ARGUMENT: claims are a JSON object/],
    [["check", "-p", "x"], /ERR_USAGE: say which snapshot/],
    [["check"], /ERR_USAGE: say which snapshot/],
    [["bogus"], /unknown command 'bogus'/],
    [[...hantera, "--bogus"], /unknown option --bogus\n/],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await run(args);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.equal(stdout, "");
    assert.equal(code, 2, args.join(" "));
  }
});

test("bad files: exit 2, with the file, the code, the place and a sentence", async (context) => {
  const { write, folder } = scratch(context);
  const ask = (file) => run(["check", "-s", file, "-p", "p", "a:b"]);
  const cases = [
    [`${folder}/absent.json`, /absent\.json: ERR_FILE_NOT_FOUND: /],
    [folder, /: ERR_FILE_READ: this is a folder/],
    [write("empty.json", ""), /empty\.json: ERR_\w+.*\n/],
    [write("cut.json", '{"system":"hantera","payloads":{'), /cut\.json: ERR_\w+.*\n/],
    [write("latin.json", Uint8Array.of(0x7b, 0xff, 0x7d)), /latin\.json: ERR_\w+.*\n/],
    [write("system.json", { system: "nosuch", payloads: {} }), /system\.json: ERR_\w+ at \$\.system: /],
    [write("field.json", { system: "hantera", payloads: { rolez: [] } }), /field\.json: ERR_\w+ at \$\.payloads\.rolez: [^$]+$/],
    [write("twice.json", '{"system":"hantera","system":"kura","payloads":{}}'), /twice\.json: ERR_\w+/],
  ];
  for (const [file, expected] of cases) {
    const { code, stdout, stderr } = await ask(file);
    assert.match(stderr, expected);
    assert.match(stderr, /^error: [^\n]+\n$/, "one line");
    assert.doesNotMatch(stderr, /RuntimeError|panicked|unreachable/);
    assert.equal(stdout, "");
    assert.equal(code, 2, file);
  }
  assert.equal(cases.length, 8);
});

test("an answer that cannot be written is exit 2, not a denial", { skip: process.platform !== "linux" }, async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [CLI, ...hantera, "-p", "p-agent", "registry:write"], { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  assert.equal(await new Promise((resolve) => child.once("close", resolve)), 2);
  assert.match(stderr, /^error: [^\n]*ENOSPC[^\n]*\n$/);
});
