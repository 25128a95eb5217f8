// Questions about whole snapshots on the command line: what a newcomer reads, what a program reads, and exit codes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { lines, run, scratch, snapshot } from "./run.mjs";

const HANTERA = snapshot("hantera.main");
const OA = snapshot("oa.main");
const EDIT = { request: { method: "PUT", path: "/resources/iam/principals/p-agent/roles", body: ["hr:principals"] } };

async function ok(args, options) {
  const { code, stdout, stderr } = await run(args, options);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  return stdout;
}

test("list: everything that somebody can do, and how it is held", async () => {
  assert.deepEqual(lines(await ok(["list", HANTERA, "p-agent"])), [
    "p-agent can do 3 things",
    "  permission     held through",
    "  actors:*       role support:agent",
    "  graph:*        role support:agent",
    "  registry:read  role support:agent",
  ]);
});

test("list: conditions in words, no line wider than 80 columns where a name is not", async () => {
  const stdout = await ok(["list", OA, "u:enduser"]);
  assert.match(stdout, /^ {2}update ingestion {2}role r-enduser \(End user\)\n {20}if userId is "11111111-/m);
  for (const line of lines(stdout)) assert.ok(line.length <= 80, line);
});

test("list: pages, and nothing lost between them", async () => {
  const all = JSON.parse(await ok(["list", HANTERA, "p-agent", "--json"])).entries;
  assert.equal(all.length, 3);
  const joined = [];
  let cursor;
  do {
    const page = JSON.parse(await ok(["list", HANTERA, "p-agent", "--json", "--limit", "2", ...(cursor ? ["--cursor", cursor] : [])]));
    joined.push(...page.entries);
    cursor = page.next;
  } while (cursor !== undefined);
  assert.deepEqual(joined, all);
  const shown = await ok(["list", HANTERA, "p-agent", "--limit", "2"]);
  assert.match(shown, /\n {2}2 of 3; go on with --cursor [\w-]+\n$/);
});

test("list: nobody of that id, exit 2 and one line", async () => {
  const { code, stdout, stderr } = await run(["list", HANTERA, "p-nobody"]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.equal(stderr, `error: ${HANTERA}: ERR_ARGUMENT: the snapshot has no principal \`p-nobody\`\n`);
});

test("who: everybody who can, a permission or an action on a record", async () => {
  const stdout = await ok(["who", HANTERA, "graph:read"]);
  assert.equal(lines(stdout)[0], "4 principals can graph:read");
  assert.match(stdout, /^ {2}p-agent {4}role support:agent$/m);
  const { principals } = JSON.parse(await ok(["who", OA, "--action", "update", "--type", "ingestion", "--record", '{"userId":"nobody"}', "--json"]));
  assert.ok(principals.every(({ id }) => id !== "u:enduser") && principals.length > 0);
});

test("why: the way to an answer, exit 0 and 1", async () => {
  const allowed = await run(["why", HANTERA, "p-agent", "graph:read"]);
  assert.equal(allowed.code, 0);
  assert.match(allowed.stdout, /^ALLOW {2}graph:read\n[^]*decided by\n {4}allow {2}graph:\* {2}rule H2\n {11}held through role support:agent\n/);
  const denied = await run(["why", OA, "u:enduser", "-a", "update", "-t", "ingestion", "-r", '{"id":"i1","userId":"u2"}']);
  assert.equal(denied.code, 1);
  assert.match(denied.stdout, /^DENY {2}update ingestion/);
  assert.match(denied.stdout, /userId \$eq "11111111[^"]*": the record has\n {11}"u2", does not hold\n {11}but its condition does not hold/);
  const data = JSON.parse((await run(["why", HANTERA, "p-agent", "iam/principals:write", "--json"])).stdout);
  assert.equal(data.decision.effect, "deny");
});

test("suggest: what would allow it, with what else comes of it", async () => {
  const stdout = await ok(["suggest", HANTERA, "p-agent", "iam/principals:write"]);
  assert.match(stdout, /^p-agent may not iam\/principals:write: 3 ways to allow it\n\n {2}1\. give p-agent the role hr:principals\n {5}2 permissions gained, for nobody else\n/);
  assert.match(stdout, /grant iam\/principals:write to role support:agent\n {5}2 permissions gained; 1 of it for p-agent, the rest for c-svc\n/);
  const nobody = await run(["suggest", HANTERA, "p-nobody", "graph:read"]);
  assert.equal(nobody.code, 2);
  assert.match(nobody.stderr, /^error: ERR_ARGUMENT at \$\.principal: the snapshot has no such principal\n$/);
});

test("edit, then diff: what would come of it is what comes of it; exit 1 for a difference", async (context) => {
  const { write, folder } = scratch(context);
  const edits = write("edits.json", EDIT);
  const output = join(folder, "new.json");
  const before = readFileSync(HANTERA);
  const stdout = await ok(["edit", HANTERA, edits, "-o", output]);
  assert.deepEqual(readFileSync(HANTERA), before);
  assert.match(stdout, /^APPLIED {2}1 edit\n\n {2}edit 1: status 200, ETag "\w+"\n/);
  assert.match(stdout, /2 permissions gained, 6 lost/);
  assert.match(stdout, /no actor is named/);
  const { code, stdout: shown } = await run(["diff", HANTERA, output]);
  assert.equal(code, 1);
  assert.match(shown, /\n {2}2 permissions gained, 6 lost\n\n {2}p-agent was given role hr:principals\n {4}\+ p-agent {2}iam\/principals:read\n {4}\+ p-agent {2}iam\/principals:write\n/);
  const data = JSON.parse((await run(["diff", HANTERA, output, "--json"])).stdout);
  assert.deepEqual([data.gained, data.lost, data.total], [2, 6, 8]);
  const piped = await run(["edit", HANTERA, "-", "-o", "-"], { input: JSON.stringify(EDIT) });
  assert.equal(piped.code, 0);
  assert.equal(piped.stdout, readFileSync(output, "utf8"));
  assert.match(piped.stderr, /^APPLIED/);
});

test("diff with itself: no difference, exit 0", async () => {
  assert.match(await ok(["diff", HANTERA, HANTERA]), /\n {2}no difference\n$/);
});

test("edit: a refusal, exit 1; no edit at all, exit 2", async () => {
  const refused = await run(["edit", HANTERA, "-"], { input: '{"request":{"method":"DELETE","path":"/resources/iam/roles/system:owner"}}' });
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /^REFUSED {2}edit 1, status 403\n[^]*EDIT_RESERVED, rule HW1, at \$\.request\.path\n/);
  const data = JSON.parse((await run(["edit", HANTERA, "-", "--json"], { input: '{"actor":"p-agent","request":{"method":"DELETE","path":"/resources/iam/roles/hr:principals"}}' })).stdout);
  assert.deepEqual([data.ok, data.code, data.actorChecked], [false, "EDIT_FORBIDDEN", true]);
  const bad = await run(["edit", HANTERA, "-"], { input: "[{}]" });
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /^error: ERR_ARGUMENT/);
});

test("slice: what compile --principal makes; digest of it is that of the principal alone", async (context) => {
  const { folder } = scratch(context);
  const [one, two] = [join(folder, "one.lgsn"), join(folder, "two.lgsn")];
  const made = JSON.parse((await run(["slice", HANTERA, "p-agent", "-o", one, "--json"])).stdout);
  assert.deepEqual([made.slice, made.counts.principals], [true, 1]);
  assert.equal((await run(["compile", HANTERA, "--principal", "p-agent", "-o", two])).code, 0);
  assert.deepEqual(readFileSync(one), readFileSync(two));
  assert.equal(await ok(["list", one, "p-agent", "--json"]), (await ok(["list", two, "p-agent", "--json"])));
  assert.equal((await run(["slice", HANTERA, "p-nobody", "-o", one])).code, 2);
});

test("digest: the recorded one, of several files and of one principal", async () => {
  const recorded = JSON.parse(readFileSync(new URL("../vectors-digests.json", import.meta.url), "utf8"));
  assert.equal(await ok(["digest", HANTERA, OA]), `${recorded["hantera.main"]}  ${HANTERA}\n${recorded["oa.main"]}  ${OA}\n`);
  const { digest, principal } = JSON.parse(await ok(["digest", HANTERA, "--principal", "p-agent", "--json"]));
  assert.equal(principal, "p-agent");
  assert.match(digest, /^[0-9a-f]{64}$/);
});

test("colour only where it is seen", async () => {
  for (const args of [["list", HANTERA, "p-agent"], ["suggest", HANTERA, "p-agent", "iam/principals:write"]]) {
    assert.doesNotMatch(await ok(args), /\u001b/);
    assert.match(await ok(args, { env: { FORCE_COLOR: "1" } }), /\u001b\[/);
    assert.doesNotMatch(await ok(args, { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }), /\u001b/);
  }
});

test("bad usage and bad files: exit 2, one line", async (context) => {
  const { write } = scratch(context);
  const broken = write("broken.json", "{");
  for (const args of [["list", broken, "u"], ["diff", HANTERA, broken], ["diff", HANTERA, OA], ["who", HANTERA], ["who", HANTERA, "a:b", "--action", "read"], ["why", HANTERA, "p-agent", "--action", "read"], ["list", HANTERA, "p-agent", "--limit", "0"], ["list", HANTERA, "p-agent", "--cursor", "x"], ["digest", "missing.json"], ["digest", HANTERA, "--principal", "zoe"]]) {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2, args.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, /^error: /, args.join(" "));
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
  assert.match((await run(["diff", HANTERA, broken])).stderr, /broken\.json: ERR_JSON/);
});
