import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { run } from "./run.mjs";

test("--help says what it is, names every command and every exit code", async () => {
  const { code, stdout } = await run(["--help"]);
  assert.equal(code, 0);
  for (const word of ["check", "decide", "test", "show", "lint", "compile", "rule", "list", "who", "why", "suggest", "diff", "edit", "slice", "digest", "Exit code", "0 allowed", "1 denied", "2 no answer"]) assert.ok(stdout.includes(word), word);
});

const COMMANDS = ["check", "decide", "test", "show", "lint", "compile", "rule", "list", "who", "why", "suggest", "diff", "edit", "slice", "digest"];

test("every help fits a terminal of 80 columns, without colours where it is piped", async () => {
  for (const args of [[], ...COMMANDS.map((command) => [command])]) {
    const { stdout } = await run([...args, "--help"]);
    for (const line of stdout.split("\n")) assert.ok([...line].length <= 80, `${args}: ${line}`);
    assert.doesNotMatch(stdout, /\u001b|\(default: \[\]\)/);
  }
});

test("every command explains itself, its exit codes and an example", async () => {
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await run([command, "--help"]);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.match(stdout, new RegExp(`Usage: latchgate ${command}`));
    assert.match(stdout, /Exit code: 0 /);
    assert.match(stdout, new RegExp(`Examples?:\n {2}latchgate ${command} `));
    assert.equal((await run(["help", command])).stdout, stdout);
  }
});

test("--version is the package's", async () => {
  const manifest = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8"));
  assert.equal((await run(["--version"])).stdout, `${manifest.version}\n`);
});

test("without a command: the help on stderr, exit 2", async () => {
  const { code, stdout, stderr } = await run([]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /Usage: latchgate/);
});
