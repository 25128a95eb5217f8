import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CLI, lines, run, scratch, SNAPSHOTS, snapshot, VECTORS, vectors } from "./run.mjs";

const MAGIC = "LGSN";
const COMMAND = "actors/order:applyCommands";

test("a snapshot becomes a file beside it, and what was made is said on stderr", async (context) => {
  const { folder } = scratch(context);
  copyFileSync(snapshot("hantera.main"), join(folder, "acme.json"));
  const { code, stdout, stderr } = await run(["compile", join(folder, "acme.json")]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "");
  const file = join(folder, "acme.lgsn");
  const bytes = readFileSync(file);
  assert.equal(bytes.subarray(0, 4).toString(), MAGIC);
  assert.ok(stderr.startsWith(`${file}\n`), stderr);
  assert.match(stderr, /^ {2}from +.*acme\.json, [\d.]+ KB$/m);
  assert.match(stderr, /^ {2}made +[\d.]+ KB, the whole snapshot$/m);
  assert.match(stderr, /^ {2}holds +15 principals, 10 roles, \d+ grants, \d+ endpoints$/m);
  assert.match(stderr, /^ {2}took +\d+ ms$/m);
});

test("the same bytes every time, into a file and into a pipe, and of a compiled snapshot once more", async (context) => {
  const { folder } = scratch(context);
  const [one, other] = [join(folder, "one.lgsn"), join(folder, "other.lgsn")];
  assert.equal((await run(["compile", snapshot("oa.main"), "-o", one])).code, 0);
  const piped = await run(["compile", snapshot("oa.main"), "-o", "-"], { binary: true });
  assert.equal(piped.code, 0);
  assert.match(piped.stderr, /^\(standard output\)\n/);
  assert.ok(piped.stdout.equals(readFileSync(one)));
  assert.equal((await run(["compile", one, "-o", other])).code, 0);
  assert.ok(readFileSync(other).equals(readFileSync(one)));
});

test("--json says the same as data, on stderr where the binary goes to stdout", async (context) => {
  const { folder } = scratch(context);
  const output = join(folder, "x.lgsn");
  const { stdout, stderr, code } = await run(["compile", snapshot("kura.main"), "-o", output, "--json"]);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  const report = JSON.parse(stdout);
  assert.equal(report.bytesOut, statSync(output).size);
  assert.equal(report.bytesIn, statSync(snapshot("kura.main")).size);
  assert.deepEqual([report.output, report.system, report.slice], [output, "kura", false]);
  assert.ok(report.counts.principals > 0 && report.milliseconds >= 0);
  assert.equal(Object.values(report.sections).reduce((sum, bytes) => sum + bytes, 12 + 4 * 22 + 8), report.bytesOut);
  const piped = await run(["compile", snapshot("kura.main"), "-o", "-", "--json"], { binary: true });
  assert.equal(piped.stdout.subarray(0, 4).toString(), MAGIC);
  assert.equal(JSON.parse(piped.stderr).bytesOut, piped.stdout.length);
});

test("show says what a compiled file is, and whether it is the whole", async (context) => {
  const { folder } = scratch(context);
  const [whole, part] = [join(folder, "whole.lgsn"), join(folder, "part.lgsn")];
  await run(["compile", snapshot("hantera.main"), "-o", whole]);
  await run(["compile", snapshot("hantera.main"), "-o", part, "--principal", "p-agent"]);
  const shown = (await run(["show", whole])).stdout;
  assert.match(shown, /^ {2}system +hantera$/m);
  assert.match(shown, /^ {2}compiled +format 1, [\d.]+ KB, check sum right, the whole snapshot$/m);
  assert.match(shown, /^ {2}made of +\S.* (KB|bytes),(?:\n {12}.*,)? …$/m);
  assert.match(shown, /^ {2}support:agent +3 grants/m);
  assert.match((await run(["show", part])).stdout, /check sum right, what one principal needs$/m);
  const json = JSON.parse((await run(["show", part, "--json"])).stdout);
  assert.deepEqual([json.compiled.format, json.compiled.slice, json.compiled.bytes], [1, true, statSync(part).size]);
  assert.deepEqual(json.principals.map(({ id }) => id), ["p-agent"]);
  assert.equal(JSON.parse((await run(["show", snapshot("hantera.main"), "--json"])).stdout).compiled, undefined);
});

test("every command decides on a compiled file as on the text", async (context) => {
  const { folder } = scratch(context);
  for (const name of readdirSync(SNAPSHOTS)) {
    assert.equal((await run(["compile", join(SNAPSHOTS, name), "-o", join(folder, name.replace(/\.json$/, ".lgsn"))])).code, 0);
  }
  const tested = await run(["test", VECTORS, "--snapshots", folder]);
  assert.match(tested.stdout, new RegExp(`\n${vectors.length} passed, 0 failed\n$`));
  assert.equal(tested.code, 0);
  const args = (file) => ["check", "--snapshot", file, "--principal", "p-agent", COMMAND];
  const [text, compiled] = [await run(args(snapshot("hantera.main"))), await run(args(join(folder, "hantera.main.lgsn")))];
  assert.deepEqual(compiled, text);
  assert.equal(compiled.code, 0);
  const input = vectors.filter((one) => one.snapshot !== "inline").map((one) => JSON.stringify(one)).join("\n");
  const decided = await Promise.all([SNAPSHOTS, folder].map((from) => run(["decide", "--snapshots", from], { input })));
  assert.equal(lines(decided[0].stdout).length, vectors.filter((one) => one.snapshot !== "inline").length);
  assert.deepEqual(decided[1], decided[0]);
});

test("a slice answers for its principal and knows nobody else", async (context) => {
  const { folder, write } = scratch(context);
  const output = join(folder, "slice.lgsn");
  const ask = (principal) => run(["check", "-s", output, "-p", principal, COMMAND, "--json"]);
  const { code, stderr } = await run(["compile", snapshot("hantera.main"), "-o", output, "-p", "p-agent"]);
  assert.equal(code, 0);
  assert.match(stderr, /^ {2}made +[\d.]+ KB, what p-agent needs$/m);
  assert.match(stderr, /^ {2}holds +1 principal, 1 role, 3 grants/m);
  assert.equal((await ask("p-agent")).code, 0);
  assert.equal(JSON.parse((await ask("p-owner")).stdout).code, "unknown_principal");
  assert.ok(!readFileSync(output).includes("p-owner"));
  const claims = { sub: "p-audit" };
  const bytes = [];
  for (const given of [JSON.stringify(claims), write("claims.json", claims), `@${write("claims.json", claims)}`]) {
    const made = await run(["compile", snapshot("hantera.main"), "-o", "-", "--claims", given], { binary: true });
    assert.equal(made.code, 0, made.stderr);
    bytes.push(made.stdout.toString("base64"));
  }
  assert.equal(new Set(bytes).size, 1);
  const more = await run(["compile", snapshot("hantera.main"), "-o", output, "-p", "p-ghost", "--context", '{"roles":["support:agent"]}']);
  assert.match(more.stderr, /3 grants/);
});

test("what cannot be used is said in one line: code 2, nothing written", async (context) => {
  const { folder, write } = scratch(context);
  const good = await run(["compile", snapshot("kura.main"), "-o", "-"], { binary: true });
  const bytes = good.stdout;
  const changed = Buffer.from(bytes);
  changed[200] ^= 1;
  const other = Buffer.from(bytes);
  other[4] = 9;
  const output = join(folder, "out.lgsn");
  const bad = [
    [["compile", write("bad.json", { system: "kura", payloads: [] }), "-o", output], /bad\.json: ERR_\w+ at \$\.payloads/],
    [["compile", write("cut.lgsn", bytes.subarray(0, 300)), "-o", output], /cut\.lgsn: ERR_COMPILED: the compiled snapshot is damaged: it is cut off$/],
    [["show", write("changed.lgsn", changed)], /changed\.lgsn: ERR_COMPILED: the compiled snapshot is damaged: its check sum is wrong$/],
    [["show", write("other.lgsn", other)], /other\.lgsn: ERR_FORMAT_UNKNOWN: the compiled snapshot is of a format that this version does not read$/],
    [["check", "-s", write("long.lgsn", Buffer.concat([bytes, Buffer.alloc(4)])), "-p", "x", "y"], /long\.lgsn: ERR_COMPILED: .*longer than it says$/],
    [["show", write("text.json", [])], /text\.json: ERR_TYPE at \$: /],
    [["compile", "absent.json"], /absent\.json: ERR_FILE_NOT_FOUND/],
    [["compile", snapshot("kura.main"), "-o", join(folder, "no", "such.lgsn")], /such\.lgsn: ERR_FILE_WRITE/],
    [["compile", snapshot("kura.main"), "-p", "appadmin"], /ERR_USAGE: .*-o/],
    [["compile", snapshot("kura.main"), "-o", output, "-p", "nobody such"], /kura\.main\.json: ERR_ARGUMENT: the snapshot has no principal `nobody such`$/],
    [["compile", snapshot("kura.main"), "-o", output, "-p", "a", "--claims", "{}"], /ERR_USAGE/],
    [["compile", snapshot("kura.main"), "-o", output, "--context", "{}"], /ERR_USAGE: --context/],
    [["compile", snapshot("kura.main"), "-o", output, "--claims", "[]"], /ERR_FILE_NOT_FOUND/],
    [["compile", snapshot("kura.main"), "-o", output, "-p", "appadmin", "--context", '{"roles":7}'], /ERR_ARGUMENT/],
    [["compile", write("same.lgsn", bytes)], /ERR_USAGE: say with -o/],
  ];
  for (const [args, expected] of bad) {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2, args.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, /^error: [^\n]+\n$/);
    assert.match(stderr.trimEnd(), expected);
    assert.ok(!existsSync(output), args.join(" "));
  }
});

test("a binary is not written to a terminal", { skip: !existsSync("/usr/bin/script") && "there is no program to make a terminal with" }, async (context) => {
  const { folder } = scratch(context);
  mkdirSync(folder, { recursive: true });
  const command = [process.execPath, CLI, "compile", snapshot("kura.main"), "-o", "-"].map((word) => `'${word}'`).join(" ");
  const child = spawn("/usr/bin/script", ["-qec", command, "/dev/null"], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 2);
  assert.match(output, /^error: ERR_USAGE: a binary is nothing for a terminal/);
});
