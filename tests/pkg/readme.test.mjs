// Every program that the documents show runs as it is printed, and prints what its comments say: behind a call of `console.log`, or in
// the lines below it. What stands behind a dash is for people.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadPolicy } from "latchgate";
import { blocksOf, documents } from "../../scripts/lib/documents.mjs";
import { inRoot } from "../../scripts/lib/paths.mjs";

const programs = documents.flatMap((name) => blocksOf(name, "js|ts|javascript|typescript").map((program, at) => ({ title: `${name}, program ${at + 1}`, program })));

function expectedOf(program) {
  const lines = program.split("\n").map((line) => /^\/\/ (.*)$/.exec(line)?.[1] ?? /console\.log\(.*\);?\s+\/\/ (.*)$/.exec(line)?.[1]);
  return lines.filter((line) => line !== undefined).map((line) => line.split(" – ")[0].trimEnd());
}

test("the decision that the reference shows is one", () => {
  const shown = JSON.parse(blocksOf("docs/reference/decisions.md", "json")[0]);
  const policy = loadPolicy(readFileSync(inRoot("tests/vectors/snapshots/oa.main.json")));
  assert.deepEqual(policy.principal("u:mailbox").check("read", "archive", { userEmail: "HIDDEN@example.org" }), shown);
});

test("the documents show programs", (context) => {
  context.diagnostic(`${programs.length} programs in ${documents.length} documents`);
  assert.ok(programs.length >= 15);
});

for (const { title, program } of programs) {
  test(`${title}: prints what it says`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { cwd: inRoot(), encoding: "utf8", env: { ...process.env, FORCE_COLOR: undefined } });
    assert.equal(status, 0, stderr);
    const expected = expectedOf(program);
    assert.ok(expected.length > 0, "nothing is said about what it prints");
    assert.deepEqual(stdout.trimEnd().split("\n").map((line) => line.trimEnd()), expected);
  });
}
