// One way to say snapshot and principal in all commands, `-` and byte order marks wherever a file is read, options that nobody knows, and
// the width of everything that is printed for people.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run, scratch, snapshot, SNAPSHOTS, VECTORS } from "./run.mjs";

const hantera = snapshot("hantera.main");
const PERMISSION = "actors/order:applyCommands";
const CLAIMS = { sub: "p-agent", "hantera/roles": ["support:agent"] };

/** Commands that take a snapshot and a principal, with what follows these. */
const OF_SOMEBODY = [
  ["check", PERMISSION],
  ["list", "--json"],
  ["why", PERMISSION],
  ["suggest", "registry:write"],
  ["slice", "-o", "-"],
  ["compile", "-o", "-"],
];
/** Those that take a snapshot alone. */
const OF_ALL = [["show"], ["who", PERMISSION], ["lint"], ["digest", "--json"], ["compile", "-o", "-"]];

const said = ({ code, stdout, stderr }) => ({ code, stdout: stdout.toString("latin1"), stderr: stderr.replace(/took .*\n/, "") });

test("snapshot and principal: by options, by arguments, and by both", async () => {
  let asked = 0;
  for (const [command, ...more] of OF_SOMEBODY) {
    const expected = said(await run([command, hantera, "p-agent", ...more], { binary: true }));
    assert.ok(expected.code < 2 && expected.stdout !== "", `${command}: ${expected.stderr}`);
    for (const args of [
      ["-s", hantera, "-p", "p-agent", ...more],
      [...more, "--principal", "p-agent", "--snapshot", hantera],
      ["-s", hantera, "p-agent", ...more],
      ["-p", "p-agent", hantera, ...more],
      [hantera, ...more.slice(0, 0), "-p", "p-agent", ...more],
    ]) {
      assert.deepEqual(said(await run([command, ...args], { binary: true })), expected, `${command} ${args.join(" ")}`);
      asked++;
    }
  }
  for (const [command, ...more] of OF_ALL) {
    const expected = said(await run([command, hantera, ...more], { binary: true }));
    assert.ok(expected.code < 2 && expected.stdout !== "", `${command}: ${expected.stderr}`);
    assert.deepEqual(said(await run([command, "-s", hantera, ...more], { binary: true })), expected, command);
    asked++;
  }
  console.log(`${asked} ways to say the same`);
});

test("decide, diff, edit, digest and lint by -s", async (context) => {
  const { write } = scratch(context);
  const other = snapshot("kura.main");
  const input = `${JSON.stringify({ id: 1, principal: "p-agent", ask: { kind: "permission", permission: PERMISSION } })}\n`;
  assert.deepEqual(await run(["decide", hantera], { input }), await run(["decide", "--snapshot", hantera], { input }));
  const edits = write("edits.json", { request: { method: "PUT", path: "/resources/iam/principals/p-agent/roles", body: ["hr:principals"] } });
  const after = join(write("after.json", "").replace(/after\.json$/, ""), "after.json");
  const edited = await run(["edit", hantera, edits, "-o", after]);
  assert.equal(edited.code, 0);
  assert.deepEqual(await run(["edit", "-s", hantera, edits, "-o", after]), edited);
  const diff = await run(["diff", hantera, after]);
  assert.equal(diff.code, 1);
  assert.deepEqual(await run(["diff", "-s", hantera, "-s", after]), diff);
  assert.deepEqual(await run(["diff", after, "-s", hantera]), diff);
  const two = await run(["digest", hantera, other]);
  assert.deepEqual(await run(["digest", "-s", hantera, "-s", other]), two);
  const one = await run(["digest", hantera, "-p", "p-agent"]);
  assert.deepEqual(await run(["digest", "-s", hantera, "p-agent"]), one);
  assert.notEqual(one.stdout, (await run(["digest", hantera])).stdout);
  assert.deepEqual(await run(["lint", "-s", hantera, other]), await run(["lint", hantera, other]));
});

test("claims of a token say who, in every command that takes a principal", async (context) => {
  const claims = scratch(context).write("claims.json", CLAIMS);
  for (const [command, ...more] of [...OF_SOMEBODY, ["digest"]]) {
    const { code, stderr } = await run([command, "-s", hantera, "-p", `@${claims}`, ...more]);
    // Nothing can be changed about whom only a token names, and what a token says is no decision of the snapshot.
    if (command === "suggest" || command === "digest") assert.match(stderr, /ERR_ARGUMENT at \$\.principal: (the snapshot has no such principal|only a principal of the snapshot)/);
    else assert.ok(code < 2, `${command}: ${stderr}`);
  }
});

test("too little, or too much", async () => {
  for (const [command, ...more] of [...OF_SOMEBODY, ...OF_ALL.slice(0, 4), ["diff"], ["edit"], ["decide"]]) {
    const options = more.slice(more.findIndex((one) => one.startsWith("-")) >>> 0);
    const { code, stderr, stdout } = await run([command, ...options]);
    assert.equal(code, 2, command);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: ERR_USAGE: say (which|what to decide on)[^\n]*\n$/, command);
  }
  for (const args of [["show", hantera, "x"], ["list", hantera, "p-agent", "x"], ["list", "-s", hantera, "-p", "p-agent", "x"], ["who", "-s", hantera, "a:b", "x"], ["why", hantera, "p-agent", "a:b", "x"]]) {
    const { code, stderr } = await run(args);
    assert.equal(code, 2);
    assert.match(stderr, /too many arguments/, args.join(" "));
  }
});

test("an option that nobody knows is said as such, with the nearest", async () => {
  for (const [args, expected] of [
    [["check", "--snapshott", hantera, "-p", "x", "a:b"], "error: unknown option --snapshott, did you mean --snapshot?\n"],
    [["list", "--princpal", "x", hantera], "error: unknown option --princpal, did you mean --principal?\n"],
    [["slice", hantera, "x", "--ouput", "y"], "error: unknown option --ouput, did you mean --output?\n"],
    [["test", "a.json", "--snapshot", "y"], "error: unknown option --snapshot, did you mean --snapshots?\n"],
    [["show", "--zzzzzz", hantera], "error: unknown option --zzzzzz\n"],
    [["--jsn", "show"], /^error: unknown option --jsn/],
  ]) {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    if (expected instanceof RegExp) assert.match(stderr, expected);
    else assert.ok(stderr.startsWith(expected), stderr);
  }
});

const marked = (text) => `\ufeff${text}`;

test("standard input and byte order marks, wherever a file is read", async (context) => {
  const { write } = scratch(context);
  const text = readFileSync(hantera, "utf8");
  const file = write("marked.json", marked(text));
  const named = (result, name) => ({ ...said(result), stdout: said(result).stdout.replaceAll(name, "FILE").replaceAll("(standard input)", "FILE").replaceAll('"-"', '"FILE"'), stderr: said(result).stderr.replaceAll(name, "FILE").replaceAll("(standard input)", "FILE") });
  const bare = (result) => ({ ...result, stderr: result.stderr.replace(/latchgate show\s+\S+/, "").replace(/\s+/g, " ") });
  for (const [command, ...more] of [...OF_SOMEBODY.map(([name, ...rest]) => [name, "-p", "p-agent", ...rest]), ...OF_ALL]) {
    const expected = bare(named(await run([command, "-s", hantera, ...more], { binary: true }), hantera));
    assert.ok(expected.code < 2, command);
    for (const [name, options] of [["-", { input: text }], ["-", { input: marked(text) }], [file, {}]]) {
      assert.deepEqual(bare(named(await run([command, "-s", name, ...more], { ...options, binary: true }), file)), expected, `${command} ${name}`);
    }
  }
  const vectors = readFileSync(VECTORS, "utf8");
  const tested = await run(["test", VECTORS, "-S", SNAPSHOTS]);
  assert.deepEqual(await run(["test", "-", "-S", SNAPSHOTS], { input: marked(vectors) }), tested);
  const record = ["check", snapshot("oa.main"), "u:enduser", "-a", "update", "-t", "ingestion", "--record"];
  const json = JSON.stringify({ id: "i1", userId: "u1" });
  const expected = await run([...record, json]);
  assert.deepEqual(await run([...record, "@-"], { input: marked(json) }), expected);
  assert.deepEqual(await run([...record, `@${write("record.json", marked(json))}`]), expected);
  const asked = (input) => run(["check", hantera, "@-", PERMISSION], { input });
  assert.deepEqual(await asked(marked(JSON.stringify(CLAIMS))), await asked(JSON.stringify(CLAIMS)));
  const question = `${JSON.stringify({ principal: "p-agent", ask: { kind: "permission", permission: PERMISSION } })}\n`;
  assert.deepEqual(await run(["decide", hantera], { input: marked(question) }), await run(["decide", hantera], { input: question }));
});

test("standard input is read once", async () => {
  for (const args of [["diff", "-", "-"], ["check", "-", "@-", "a:b"], ["decide", "-"], ["edit", "-", "-"]]) {
    const { code, stderr } = await run(args, { input: readFileSync(hantera) });
    assert.equal(code, 2, args.join(" "));
    assert.match(stderr, /ERR_USAGE: standard input can be read once/);
  }
});

test("what is printed for people has 80 columns, but for a name that is longer", async () => {
  const people = { "hantera.main": ["p-agent", PERMISSION], "oa.main": ["u:enduser", "manage:all"], "kura.main": ["appadmin", "kura.device"], "emporix.main": ["u-union", "iam.group_read"], "ithbat.main": undefined };
  let lines = 0;
  for (const name of readdirSync(SNAPSHOTS).map((file) => file.replace(/\.json$/, ""))) {
    const file = snapshot(name);
    const [who, permission] = people[name] ?? [];
    const of = who === undefined ? [] : [["check", file, who, permission], ["list", file, who], ["why", file, who, permission], ["suggest", file, who, permission], ["who", file, permission]];
    for (const args of [["show", "--all", file], ["lint", "--deep", file], ...of]) {
      const { stdout, code, stderr } = await run(args);
      assert.ok(code < 2, `${args.join(" ")}: ${stderr}`);
      for (const line of stdout.split("\n")) {
        lines++;
        // A single word has nowhere to be parted.
        const [, indent, rest] = /^( *)(.*)$/.exec(line);
        assert.ok([...line].length <= 80 || !rest.trim().includes(" ") || indent.length + Math.max(...rest.split(" ").map(({ length }) => length)) > 60, `${args.join(" ")}: ${line}`);
      }
    }
  }
  assert.ok(lines > 500);
  console.log(`${lines} lines fit`);
});

test("the vector file that `help test` shows is one", async (context) => {
  const { write, folder } = scratch(context);
  const { stdout } = await run(["help", "test"]);
  const example = stdout.slice(stdout.indexOf('  { "format": 1'));
  write("acme.json", { system: "latchgate", payloads: { combining: "additive", roles: [{ key: "r", grants: [{ permissions: ["doc:read"] }, { permissions: ["doc:update"], conditions: { owner: "${principal.id}" } }] }], principals: [{ id: "ann", type: "user", roles: ["r"] }] } });
  const { code, stdout: answer } = await run(["test", write("decisions.json", JSON.parse(example)), "-S", folder]);
  assert.equal(code, 0, answer);
  assert.match(answer, /^2 passed, 0 failed$/m);
});
