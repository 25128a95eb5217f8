// Runtimes that lack something: no TextEncoder and TextDecoder (jsdom), no WebAssembly, or none that may be compiled. Importing never fails;
// what cannot be done fails where it is asked for, with a code.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = (program, type = "module", options = []) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, `--input-type=${type}`, "-e", program], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
};

/** Everything that crosses as text, in names of one to four bytes a character. */
const ASK = `
  const rules = [{ action: "read", subject: "Pöst 💡", conditions: { "ownér": { $in: ["ann", "ün €"] } } }];
  const snapshot = JSON.stringify({ system: "casl", payloads: { "ü💡": rules } });
  const out = [];
  for (const source of [snapshot, JSON.parse(snapshot)]) {
    const policy = latchgate.loadPolicy(source);
    const user = policy.principal("ü💡");
    out.push(user.id, user.can("read", "Pöst 💡", { "ownér": "ün €" }), user.can("read", "Pöst 💡", { "ownér": "other" }), user.check("read", "Pöst 💡", { "ownér": "ün €", x: "\\u0000" }), user.grants(), policy.list("roles"));
    out.push([...policy.compiled()].length, reader.loadPolicy(policy.compiled()).principal("ü💡").check("read", "Pöst 💡", { "ownér": "ün €" }).message);
    try { latchgate.loadPolicy(snapshot.replace("ann", "\\ud800")); } catch (error) { out.push(error.code, error.message); }
  }
  const ability = casl.createMongoAbility(rules);
  out.push(ability.can("read", casl.subject("Pöst 💡", { "ownér": "ün €" })), ability.can("read", casl.subject("Pöst 💡", { "ownér": "€" })));
  out.push(insight.loadPolicy(snapshot).who({ action: "read", type: "Pöst 💡", record: { "ownér": "ün €" } }), insight.lint(snapshot), insight.findings(snapshot, { sod: [["ä", "ö"]] }).complete);
  process.stdout.write(JSON.stringify(out));`;
const IMPORT = 'const [latchgate, insight, reader, casl, extra] = await Promise.all(["", "/insight", "/reader", "/casl", "/casl/extra"].map((name) => import("latchgate" + name)));';
const REQUIRE = 'const [latchgate, insight, reader, casl, extra] = ["", "/insight", "/reader", "/casl", "/casl/extra"].map((name) => require("latchgate" + name));';

test("without TextEncoder and TextDecoder every entry is imported and answers as with them", () => {
  const without = "delete globalThis.TextDecoder; delete globalThis.TextEncoder;";
  const [expected, imported, required] = [run(IMPORT + ASK), run(without + IMPORT + ASK), run(without + REQUIRE + ASK, "commonjs")];
  assert.ok(expected.length > 20 && expected.includes(true) && expected.includes(false));
  assert.deepEqual(imported, expected);
  assert.deepEqual(required, expected);
});

/** What each call says of itself: the code of its error, or what came. */
const CALLS = `
  const say = async (call) => { try { await call(); return "done"; } catch (error) { return [error.name, error.code, error.message, error.cause?.name]; } };
  const rules = [{ action: "read", subject: "Post", conditions: { a: 1 } }];
  const snapshot = { system: "casl", payloads: { u: rules } };
  const ability = casl.createMongoAbility(rules);
  const out = {};
  for (const [name, call] of Object.entries({
    init: () => latchgate.init(), loadPolicy: () => latchgate.loadPolicy(snapshot), version: () => latchgate.version(), compile: () => latchgate.compile(snapshot),
    reader: () => reader.loadPolicy(new Uint8Array(64)), insight: () => insight.lint(snapshot), edit: () => insight.edit(snapshot, []), "insight.init": () => insight.init(),
    "casl.init": () => casl.init(), can: () => ability.can("read", "Post"), "can, a record": () => ability.can("read", casl.subject("Post", { a: 1 })), rulesFor: () => ability.relevantRuleFor("read", "Post"),
  })) out[name] = await say(call);
  process.stdout.write(JSON.stringify(out));`;

function allRefused(answers, words) {
  assert.ok(Object.keys(answers).length >= 12);
  for (const [name, [kind, code, message]] of Object.entries(answers)) assert.ok(kind === "LatchgateError" && code === "ERR_WEBASSEMBLY" && words.test(message), `${name}: ${kind} ${code} ${message}`);
}

test("without WebAssembly every call says so", () => {
  allRefused(run(`delete globalThis.WebAssembly; ${IMPORT}${CALLS}`), /no WebAssembly/);
  allRefused(run(`${IMPORT}${CALLS}`, "module", ["--jitless", "--no-expose-wasm"]), /no WebAssembly/);
});

test("where a policy of the page forbids to compile WebAssembly every call says what to allow", () => {
  // As Chromium, Firefox and Safari word it.
  for (const [name, words] of [
    ["CompileError", "WebAssembly.Module(): Compiling or instantiating WebAssembly module violates the following Content Security policy directive because 'unsafe-eval' is not an allowed source of script"],
    ["CompileError", "call to WebAssembly.Module() blocked by CSP"],
    ["EvalError", "Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of script"],
  ]) {
    const forbid = `const forbid = () => { throw Object.assign(new ${name === "EvalError" ? "EvalError" : "WebAssembly.CompileError"}(${JSON.stringify(words)})); }; WebAssembly.Module = function () { forbid(); }; WebAssembly.compile = async () => forbid();`;
    const answers = run(`${forbid}${IMPORT}${CALLS}`);
    allRefused(answers, /'wasm-unsafe-eval'/);
    for (const [, , , cause] of Object.values(answers)) assert.equal(cause, name);
  }
});

test("what is no WebAssembly of ours is refused with a code", () => {
  const program = `
    const slim = await import("latchgate/slim");
    const codes = [];
    for (const wasm of [new Uint8Array(8), new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0]))]) {
      try { await slim.init(wasm); codes.push("taken"); } catch (error) { codes.push(error.code ?? error.name); }
    }
    process.stdout.write(JSON.stringify(codes));`;
  assert.deepEqual(run(program), ["ERR_WEBASSEMBLY", "ERR_WEBASSEMBLY"]);
});
