// Every session that the documents show: its commands are run as they are printed, one shell for each, and must answer what is printed.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { blocksOf, documents } from "../../scripts/lib/documents.mjs";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { CLI, scratch } from "./run.mjs";

const sessions = documents.flatMap((name) => blocksOf(name, "console").map((session, at) => ({ title: `${name}, session ${at + 1}`, commands: commandsOf(session) })));

/** Files that the sessions use and do not make. */
const FILES = { "typo.json": { system: "hantera", payloads: { rolez: [] } } };

/** Commands behind `$ `, which go on in the next line behind a bar, and what they print. */
function commandsOf(session) {
  const commands = [];
  for (const line of session.split("\n").slice(0, -1)) {
    const last = commands.at(-1);
    if (line.startsWith("$ ")) commands.push({ command: line.slice(2), printed: [] });
    else if (last.printed.length === 0 && /[|\\]$/.test(last.command)) last.command += `\n${line}`;
    else last.printed.push(line);
  }
  return commands;
}

/** The one thing that is another one each time. */
const timeless = (text) => text.replace(/took {6}\d[\d.]* m?s/g, "took      a while");

test("the documents show sessions", (context) => {
  context.diagnostic(`${sessions.length} sessions in ${documents.length} documents`);
  assert.ok(sessions.length >= 10);
});

for (const { title, commands } of sessions) {
  test(`${title}: ${commands[0].command}`, (context) => {
    const { folder, write } = scratch(context);
    symlinkSync(inRoot("tests"), join(folder, "tests"));
    for (const [name, content] of Object.entries(FILES)) write(name, content);
    // A file that is shown is there as it is shown.
    for (const { command, printed } of commands) if (command.startsWith("cat ")) write(command.slice(4), `${printed.join("\n")}\n`);
    const mark = (place) => `__status=$?; printf '\\n<%d>\\n' ${place}; (exit $__status)`;
    const script = ['npx() { shift; "$NODE" "$CLI" "$@"; }', "exec 2>&1", ...commands.flatMap(({ command }, place) => [mark(place), command])].join("\n");
    const { stdout, status } = spawnSync("bash", ["-c", script], { cwd: folder, encoding: "utf8", env: { ...process.env, NODE: process.execPath, CLI, NO_COLOR: undefined, FORCE_COLOR: undefined, NODE_OPTIONS: undefined } });
    assert.notEqual(status, null);
    const answers = stdout.split(/\n<\d+>\n/).slice(1);
    assert.equal(answers.length, commands.length);
    for (const [place, { command, printed }] of commands.entries()) {
      const said = timeless(answers[place]).trimEnd().split("\n");
      const shown = timeless(printed.join("\n")).trimEnd().split("\n");
      // An ellipsis alone: the rest is left out.
      const isCut = shown.at(-1) === "…";
      assert.deepEqual(isCut ? said.slice(0, shown.length - 1) : said, isCut ? shown.slice(0, -1) : shown, command);
    }
  });
}
