import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { run, scratch, SNAPSHOTS, snapshot } from "./run.mjs";

const casl = (rules) => ({ system: "casl", payloads: { me: rules } });
const TRAP = casl([
  { action: "read", subject: "Post" },
  { action: "read", subject: "Post", inverted: true, conditions: { $or: [{ secret: true }] } },
]);
const SURPRISE = casl([{ action: "read", subject: "Post", conditions: { mine: true } }]);
const CLEAN = casl([{ action: "read", subject: "Post" }]);

test("a finding: severity, place, code, rule and plain words, no line longer than 80 columns, exit 1", async (context) => {
  const file = scratch(context).write("trap.json", TRAP);
  const { code, stdout, stderr } = await run(["lint", file]);
  assert.equal(stderr, "");
  assert.equal(code, 1);
  const [name, ...rest] = stdout.split("\n");
  assert.equal(name, file);
  assert.deepEqual(rest, [
    '  fails-open  $.payloads.me[1].conditions["$or"]',
    "              LINT_OPERATOR, rule casl 1.12 #1",
    "              `$or` is no operator here but the name of a field that no record",
    "              has, so this deny never denies",
    "",
    "  1 finding: 1 fails-open",
    "",
  ]);
});

test("nothing found: exit 0", async (context) => {
  const { code, stdout, stderr } = await run(["lint", scratch(context).write("clean.json", CLEAN)]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.match(stdout, /clean\.json\n {2}nothing found\n$/);
});

test("surprises are findings, unless they are left out", async (context) => {
  const file = scratch(context).write("surprise.json", SURPRISE);
  const all = await run(["lint", file]);
  assert.equal(all.code, 1);
  assert.match(all.stdout, /^ {2}surprise {4}\$\.payloads\.me\[0\]\.conditions$/m);
  const graver = await run(["lint", "--no-surprises", file]);
  assert.equal(graver.code, 0);
  assert.match(graver.stdout, /nothing found/);
});

test("--json: one list, with the findings of each file as the package gives them", async (context) => {
  const { write } = scratch(context);
  const files = [write("trap.json", TRAP), write("clean.json", CLEAN)];
  const { code, stdout, stderr } = await run(["lint", "--json", ...files]);
  assert.equal(stderr, "");
  assert.equal(code, 1);
  const [trap, clean] = JSON.parse(stdout);
  assert.deepEqual(clean, { file: files[1], lints: [] });
  assert.equal(trap.file, files[0]);
  assert.equal(trap.lints.length, 1);
  const [{ message, ...lint }] = trap.lints;
  assert.deepEqual(lint, { code: "LINT_OPERATOR", path: '$.payloads.me[1].conditions["$or"]', severity: "fails-open", rule: "casl 1.12 #1" });
  assert.match(message, /never denies/);
});

test("a file that cannot be used: exit 2, and the others are judged all the same", async (context) => {
  const { write, folder } = scratch(context);
  const files = [`${folder}/none.json`, write("bad.json", { system: "kura", payloads: [] }), write("trap.json", TRAP)];
  const { code, stdout, stderr } = await run(["lint", ...files]);
  assert.equal(code, 2);
  assert.match(stdout, /1 finding: 1 fails-open/);
  assert.match(stderr, /^error: .*none\.json: ERR_FILE_NOT_FOUND: .*\nerror: .*bad\.json: ERR_TYPE at \$\.payloads: .*\n$/);
  const json = await run(["lint", "--json", ...files]);
  assert.equal(json.code, 2);
  assert.deepEqual(JSON.parse(json.stdout).map(({ problem }) => problem?.code), ["ERR_FILE_NOT_FOUND", "ERR_TYPE", undefined]);
});

test("a compiled snapshot has no places to name: exit 2", async (context) => {
  const { folder } = scratch(context);
  await run(["compile", snapshot("kura.main"), "-o", `${folder}/kura.lgsn`]);
  const { code, stderr } = await run(["lint", `${folder}/kura.lgsn`]);
  assert.equal(code, 2);
  assert.match(stderr, /^error: .*kura\.lgsn: ERR_ARGUMENT: a compiled snapshot .*\n$/);
});

test("every recorded snapshot can be judged", async () => {
  const names = readdirSync(SNAPSHOTS);
  assert.ok(names.length >= 6);
  const { code, stdout, stderr } = await run(["lint", ...names.map((name) => `${SNAPSHOTS}/${name}`)]);
  assert.equal(stderr, "");
  assert.equal(code, 1);
  assert.match(stdout, /oa\.main\.json\n[^]*LINT_LIST_DISAGREES, rule A16[^]*18 findings: 6 fails-open, 1 fails, 3 no-effect, 8 surprise/);
});

const TEAM = {
  system: "hantera",
  payloads: {
    roles: [
      { key: "hr:all", acl: { entries: [{ resource: "iam/principals", permission: "write" }] } },
      { key: "shop:all", acl: { entries: [{ resource: "shop", permission: "read" }] } },
    ],
    principals: [{ id: "p-hr", roles: ["hr:all", "shop:all"] }],
  },
};

test("--deep: the whole snapshot too, with the steps that prove each finding, no line longer than 80 columns", async (context) => {
  const file = scratch(context).write("team.json", TEAM);
  const plain = await run(["lint", file]);
  assert.match(plain.stdout, /nothing found/);
  assert.equal(plain.code, 0);
  const { code, stdout, stderr } = await run(["lint", "--deep", "--sod", "iam/principals:write,shop:read", file]);
  assert.equal(stderr, "");
  assert.equal(code, 1);
  assert.match(stdout, /^ {2}fails-open {2}\$\.payloads\.principals\[0\]\n {14}LINT_ESCALATION, rule /m);
  assert.match(stdout, /^ {16}2\. PUT \/resources\/iam\/principals\/p-hr\/roles: /m);
  assert.match(stdout, /LINT_DUTIES_JOINED/);
  assert.match(stdout, /2 findings: 1 fails-open, 1 surprise\n$/);
  assert.ok(stdout.split("\n").slice(1).every((line) => line.length <= 80));
  const json = await run(["lint", "--deep", "--json", file]);
  const [{ lints, complete }] = JSON.parse(json.stdout);
  assert.equal(complete, true);
  assert.deepEqual(lints.map(({ code }) => code), ["LINT_ESCALATION"]);
  assert.equal(lints[0].witness[1].request.method, "PUT");
});

test("--sod is two permissions, and for --deep", async (context) => {
  const file = scratch(context).write("team.json", TEAM);
  for (const args of [["--sod", "a,b"], ["--deep", "--sod", "a"], ["--deep", "--sod", "a,b,c"]]) {
    const { code, stdout, stderr } = await run(["lint", ...args, file]);
    assert.equal(code, 2, args.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, /sod/);
  }
});
