import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { CLI, lines, run, scratch, SNAPSHOTS, snapshot, vectors } from "./run.mjs";

const decide = (input, ...args) => run(["decide", "--snapshot", snapshot("hantera.main"), ...args], { input });
const question = { id: 1, principal: "p-agent", ask: { kind: "permission", permission: "graph:read" } };

test("one line in, one line out, in order, the id first", async () => {
  const input = [question, { ...question, id: "two", ask: { kind: "permission", permission: "registry:write" } }, { ...question, id: null }];
  const { code, stdout, stderr } = await decide(input.map((line) => `${JSON.stringify(line)}\n`).join(""));
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const out = lines(stdout);
  assert.equal(out.length, 3);
  assert.deepEqual(out.map((line) => JSON.parse(line).effect), ["allow", "deny", "allow"]);
  assert.match(out[0], /^\{"id":1,"allowed":true,"conditional":false,"effect":"allow"/);
  assert.match(out[1], /^\{"id":"two",/);
  assert.match(out[2], /^\{"id":null,/);
});

test("an id comes back exactly as it was sent", async () => {
  const ids = ["12345678901234567890", "1.0", '"\\u00e9"', '{"a":[1,{"id":2}]}', "-0", "1e2"];
  const input = ids.map((id) => `{"principal":"p-agent","ask":{"permission":"graph:read","kind":"ace"}, "id" : ${id} }`).join("\n");
  const { stdout } = await decide(input);
  const out = lines(stdout);
  assert.equal(out.length, ids.length);
  ids.forEach((id, i) => assert.ok(out[i].startsWith(`{"id":${id},"allowed":true,"conditional":false,"effect":"allow"`), out[i]));
});

test("a line that is no question gets an error, and the stream goes on", async () => {
  const good = JSON.stringify(question);
  const bad = [
    "{", "[]", "null", "7", '"text"', "{}", '{"id":9}', '{"principal":"p-agent"}', '{"principal":"p-agent","ask":7}',
    '{"principal":7,"ask":{"kind":"permission","permission":"graph:read"}}',
    '{"principal":"p-agent","ask":{"kind":"nosuch"}}', '{"principal":"p-agent","ask":{"kind":"permission"}}',
    '{"principal":"p-owner","principal":"p-agent","ask":{"kind":"permission","permission":"graph:read"}}',
    '{"principal":"p-agent","ask":{"kind":"permission","permission":"graph:read","permission":"me:x"}}',
    '{"principal":"p-agent","ask":{"kind":"permission","permission":"graph:read"},"sessionScopes":"me:*"}',
    '{"principal":"p-agent","policies":[{"action":"manage","subject":"all"}],"ask":{"kind":"permission","permission":"graph:read"}}',
    '{"principal":"p-agent","ask":{"kind":"permission","permission":"graph:read"},"context":{"sessionScope":"me:*"}}',
    '{"principal":"p-agent","ask":{"kind":"permission","permission":"graph:read"},"contxt":{"sessionScopes":"me:*"}}',
    '{"principal":"p-agent","ask":{"kind":"permission","permission":"graph:read","roles":["system:owner"]}}',
    "[".repeat(100_000),
  ];
  const { code, stdout, stderr } = await decide(bad.flatMap((line) => [line, good]).join("\n"));
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const out = lines(stdout).map((line) => JSON.parse(line));
  assert.equal(out.length, bad.length * 2);
  bad.forEach((line, i) => {
    const decision = out[2 * i];
    assert.equal(decision.effect, "error", line.slice(0, 80));
    assert.equal(decision.code, "invalid_question", line.slice(0, 80));
    assert.equal(decision.status, 400);
    assert.equal(typeof decision.message, "string");
    assert.deepEqual(decision.grants, []);
    assert.deepEqual(decision.snapshot, { system: "hantera", tenant: "acme" });
    assert.equal(out[2 * i + 1].effect, "allow", "the next line is answered");
  });
  assert.equal(out[12].id, 9, "an id is echoed where it can be read");
});

test("bytes that are not UTF-8 are refused, not replaced", async () => {
  const text = JSON.stringify(question);
  const bytes = Buffer.from(`${text.replace("p-agent", "p-\u00ff")}\n${text}\n`, "latin1");
  const { stdout } = await decide(bytes);
  const [first, second] = lines(stdout).map((line) => JSON.parse(line));
  assert.equal(first.code, "invalid_question");
  assert.match(first.message, /line 1: not valid UTF-8/);
  assert.equal(second.effect, "allow");
});

test("blank lines, CRLF and a last line without newline", async () => {
  const { code, stdout } = await decide(`\n  \r\n${JSON.stringify(question)}\r\n\n${JSON.stringify(question)}`);
  assert.equal(code, 0);
  assert.equal(lines(stdout).length, 2);
  assert.equal((await decide("")).stdout, "");
  assert.equal((await decide("")).code, 0);
});

test("every recorded vector, as it stands, is a question: --snapshots", async () => {
  const input = vectors.map((vector) => JSON.stringify(vector)).join("\n");
  const { code, stdout, stderr } = await run(["decide", "--snapshots", SNAPSHOTS], { input });
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const out = lines(stdout).map((line) => JSON.parse(line));
  assert.equal(out.length, vectors.length);
  assert.ok(out.length >= 137);
  out.forEach((decision, i) => {
    const vector = vectors[i];
    assert.equal(decision.id, vector.id);
    const got = vector.ask.kind === "filter" && decision.effect !== "error" ? decision.filter : decision.effect;
    assert.equal(got, vector.expected, vector.id);
  });
});

test("with --snapshots a question must name a snapshot that is there, and cannot leave the folder", async () => {
  const named = (snapshot) => JSON.stringify({ ...question, snapshot });
  const input = [JSON.stringify(question), named("absent"), named("../snapshots/hantera.main"), named("/etc/passwd"), named("hantera.main")].join("\n");
  const { code, stdout, stderr } = await run(["decide", "--snapshots", SNAPSHOTS], { input });
  assert.equal(code, 0);
  assert.equal(stderr, "");
  const out = lines(stdout).map((line) => JSON.parse(line));
  assert.deepEqual(out.map(({ effect, code: word }) => `${effect} ${word}`), [...Array(4).fill("error invalid_question"), "allow granted"]);
});

test("a snapshot of the folder that does not load is said once, and makes the exit code 2", async (context) => {
  const { folder, write } = scratch(context);
  write("bad.json", { system: "nosuch", payloads: {} });
  const input = `${JSON.stringify({ ...question, snapshot: "bad" })}\n`.repeat(3);
  const { code, stdout, stderr } = await run(["decide", "--snapshots", folder], { input });
  assert.equal(code, 2);
  assert.equal(lines(stderr).length, 1);
  assert.match(stderr, /bad\.json: ERR_\w+.*\$\.system/);
  assert.equal(lines(stdout).length, 3);
  for (const line of lines(stdout)) assert.equal(JSON.parse(line).code, "invalid_question");
});

test("a bad snapshot: exit 2, nothing on stdout", async (context) => {
  const file = scratch(context).write("bad.json", "{");
  const { code, stdout, stderr } = await run(["decide", "--snapshot", file], { input: JSON.stringify(question) });
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^error: .*bad\.json: ERR_\w+.*\n$/);
  assert.equal((await run(["decide"])).code, 2);
  assert.equal((await run(["decide", "--snapshot", file, "--snapshots", SNAPSHOTS])).code, 2);
});

/** A child that a failing assertion does not leave behind. */
function start(context, nodeOptions, stdio) {
  const child = spawn(process.execPath, [...nodeOptions, CLI, "decide", "--snapshot", snapshot("hantera.main")], { stdio });
  context.after(() => child.kill());
  child.stdin.on("error", () => {});
  return child;
}

test("an answer comes before the input ends", async (context) => {
  const child = start(context, [], ["pipe", "pipe", "inherit"]);
  child.stdout.setEncoding("utf8");
  const answered = new Promise((resolve) => child.stdout.once("data", resolve));
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdin.write(`${JSON.stringify(question)}\n`);
  assert.equal(JSON.parse(await answered).effect, "allow");
  child.stdin.end();
  assert.equal(await ended, 0);
});

test("200,000 questions to a slow reader stay in order and in little memory", { timeout: 120_000 }, async (context) => {
  const total = 200_000;
  const child = start(context, ["--max-old-space-size=96"], ["pipe", "pipe", "inherit"]);
  const ended = new Promise((resolve) => child.once("close", resolve));
  const feed = async () => {
    for (let id = 0; id < total; id += 1000) {
      let block = "";
      for (let i = id; i < id + 1000; i++) block += `${JSON.stringify({ ...question, id: i })}\n`;
      if (!child.stdin.write(block)) await new Promise((resolve) => child.stdin.once("drain", resolve));
    }
    child.stdin.end();
  };
  const fed = feed();
  await new Promise((resolve) => setTimeout(resolve, 1500)); // nobody reads yet: it has to wait
  let next = 0;
  let rest = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop();
    for (const part of parts) assert.ok(part.startsWith(`{"id":${next++},"allowed":true,"conditional":false,"effect":"allow"`), part);
  }
  await fed;
  assert.equal(next, total);
  assert.equal(rest, "");
  assert.equal(await ended, 0);
});

test("a reader that goes away ends the stream quietly", async (context) => {
  const child = start(context, [], "pipe");
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdin.write(`${JSON.stringify(question)}\n`.repeat(20_000));
  child.stdout.once("data", () => child.stdout.destroy());
  const stop = setTimeout(() => child.kill(), 20_000);
  child.stdin.end();
  assert.equal(await ended, 0);
  clearTimeout(stop);
  assert.equal(stderr, "");
});
