// How the façade is loaded: by import and by require, and nothing happens before a question.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = (type, program) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`--input-type=${type}`, "-e", program], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trim();
};

const count = "let made = 0; const { Instance } = WebAssembly; WebAssembly.Instance = class extends Instance { constructor(...args) { super(...args); made++; } };";
const use = 'const ability = casl.createMongoAbility([{ action: "read", subject: "Post" }]); const before = made; const answer = ability.can("read", "Post"); console.log(before, answer, made, typeof extra.packRules);';

test("import: WebAssembly is instantiated at the first question", () => {
  assert.equal(run("module", `${count} const casl = await import("latchgate/casl"); const extra = await import("latchgate/casl/extra"); ${use}`), "0 true 1 function");
});

test("require", () => {
  assert.equal(run("commonjs", `${count} const casl = require("latchgate/casl"); const extra = require("latchgate/casl/extra"); ${use}`), "0 true 1 function");
});

test("the extra alone brings no WebAssembly", () => {
  assert.equal(run("module", `${count} const { packRules } = await import("latchgate/casl/extra"); console.log(JSON.stringify(packRules([{ action: "read", subject: "Post" }])), made);`), '[["read","Post"]] 0');
});

test("init gets it ready before", () => {
  assert.equal(run("module", `const casl = await import("latchgate/casl"); await casl.init(); await casl.init(); console.log(casl.createMongoAbility([{ action: "read" }]).can("read"));`), "true");
});
