import assert from "node:assert/strict";
import { test } from "node:test";
import { run, scratch, SNAPSHOTS, VECTORS, vectors } from "./run.mjs";

const runTest = (files, ...args) => run(["test", ...[files].flat(), "--snapshots", SNAPSHOTS, ...args]);
const vector = (change = {}) => ({
  id: "X-1", system: "hantera", snapshot: "hantera.main", principal: "p-agent",
  ask: { kind: "ace", permission: "registry:write" }, expected: "deny", rule: "H6", ...change,
});
const file = (...list) => ({ format: 1, vectors: list });

test("the recorded vectors all pass, counted by system", async () => {
  const { code, stdout, stderr } = await runTest(VECTORS);
  assert.equal(stderr, "");
  assert.equal(code, 0, stdout);
  for (const system of ["emporix", "hantera", "ithbat", "kura", "open-archiver"]) {
    const count = vectors.filter((one) => one.system === system).length;
    assert.match(stdout, new RegExp(`^${system} +${count} passed +0 failed$`, "m"));
  }
  assert.match(stdout, new RegExp(`\n${vectors.length} passed, 0 failed\n$`));
});

test("--json gives the same counts", async () => {
  const { code, stdout } = await runTest(VECTORS, "--json");
  assert.equal(code, 0);
  const result = JSON.parse(stdout);
  assert.equal(result.passed, vectors.length);
  assert.equal(result.failed, 0);
  assert.deepEqual(result.failures, []);
  assert.deepEqual(Object.keys(result.systems).sort(), ["emporix", "hantera", "ithbat", "kura", "open-archiver"]);
});

test("a failure says what was asked, what was expected, what came and why", async (context) => {
  const { write } = scratch(context);
  const { code, stdout } = await runTest(write("v.json", file(vector({ expected: "allow", note: "on purpose" }), vector({ id: "X-2" }))));
  assert.equal(code, 1);
  assert.match(stdout, /^FAILED {2}X-1 {2}hantera$/m);
  assert.match(stdout, /^ {2}question +registry:write$/m);
  assert.match(stdout, /^ {2}principal +p-agent$/m);
  assert.match(stdout, /^ {2}expected +allow$/m);
  assert.match(stdout, /^ {2}got +deny \(no_grant, status 403\)$/m);
  assert.match(stdout, /^ {2}because +\S.+$/m);
  assert.match(stdout, /^ {2}note +on purpose$/m);
  assert.doesNotMatch(stdout, /X-2/);
  assert.match(stdout, /\n1 passed, 1 failed\n$/);
});

test("code and status are checked where a vector has them", async (context) => {
  const { write } = scratch(context);
  const list = [vector({ code: "no_grant", status: 403 }), vector({ id: "X-2", code: "suspended" }), vector({ id: "X-3", status: 401 })];
  const { code, stdout } = await runTest(write("v.json", file(...list)), "--json");
  assert.equal(code, 1);
  const { passed, failures } = JSON.parse(stdout);
  assert.equal(passed, 1);
  assert.deepEqual(failures.map(({ id, differs }) => [id, differs]), [
    ["X-2", [{ what: "code", expected: "suspended", got: "no_grant" }]],
    ["X-3", [{ what: "status", expected: 401, got: 403 }]],
  ]);
  assert.equal(failures[0].decision.effect, "deny");
});

test("a snapshot that does not load fails its vectors, with code, path and sentence", async (context) => {
  const { folder, write } = scratch(context);
  write("bad.json", { system: "nosuch", payloads: {} });
  const path = write("v.json", file(vector({ snapshot: "bad" }), vector({ id: "X-2", snapshot: "absent" })));
  const { code, stdout } = await run(["test", path, "-S", folder]);
  assert.equal(code, 1);
  assert.match(stdout, /^ {2}got +no answer$/m);
  assert.match(stdout, /^ {2}code +ERR_\w+$/m);
  assert.match(stdout, /^ {2}path +\$\.system$/m);
  assert.match(stdout, /^ {2}code +ERR_FILE_NOT_FOUND$/m);
  assert.match(stdout, /\n0 passed, 2 failed\n$/);
  const json = JSON.parse((await run(["test", path, "-S", folder, "--json"])).stdout);
  assert.equal(json.failures[0].problem.path, "$.system");
});

test("several files; the first bad one stops everything with exit 2", async (context) => {
  const { write } = scratch(context);
  const good = write("good.json", file(vector()));
  const more = write("more.json", file(vector(), vector({ id: "X-2" })));
  assert.match((await runTest([good, more])).stdout, /\n3 passed, 0 failed\n$/);
  const bad = [
    ["{", /ERR_JSON/],
    [{ vectors: [] }, /ERR_VECTOR at \$\.format/],
    [{ format: 1 }, /ERR_VECTOR at \$\.vectors/],
    [file(7), /ERR_VECTOR at \$\.vectors\[0\]/],
    [file(vector({ expected: undefined })), /ERR_VECTOR at \$\.vectors\[0\]\.expected/],
    [file(vector(), vector({ id: "X-2", expected: "yes" })), /ERR_VECTOR at \$\.vectors\[1\]\.expected/],
    [file(vector({ expected: "all" })), /ERR_VECTOR at \$\.vectors\[0\]\.expected/],
    [file(vector({ ask: "x" })), /ERR_VECTOR at \$\.vectors\[0\]\.ask/],
    [file(vector(), vector()), /the id `X-1` stands twice/],
    [file(vector({ snapshot: "inline" })), /ERR_VECTOR at \$\.vectors\[0\]\.policies/],
    ['{"format":1,"format":1,"vectors":[]}', /ERR_KEY_DUPLICATE at \$\.format/],
  ];
  for (const [content, expected] of bad) {
    const { code, stdout, stderr } = await runTest([good, write("bad.json", content)]);
    assert.match(stderr, expected);
    assert.match(stderr, /^error: .*bad\.json: [^\n]+\n$/);
    assert.equal(stdout, "");
    assert.equal(code, 2);
  }
  assert.equal((await runTest("absent.json")).code, 2);
  assert.equal((await run(["test", good, "-S", "absent"])).code, 2);
  assert.equal((await run(["test", "-S", SNAPSHOTS])).code, 2);
});

test("no vectors at all is a failure", async (context) => {
  const { code, stdout } = await runTest(scratch(context).write("v.json", file()));
  assert.equal(code, 1);
  assert.match(stdout, /0 passed, 0 failed\n$/);
});
