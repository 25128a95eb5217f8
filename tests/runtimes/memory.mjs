// The memory of the WebAssembly must not grow with use: not by questions that make no sense, not by loading again and
// again. It is counted in pages of 64 KB and never shrinks, so "not one page more than after warming up" is the test.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { init, imports, loadPolicy } from "latchgate/slim";
import * as reader from "latchgate/reader/slim";

const core = await start({ init, imports }, "latchgate/core.wasm");
const readerCore = await start(reader, "latchgate/reader.wasm");

const { snapshots } = JSON.parse(readFileSync("vectors.json", "utf8"));
const texts = Object.values(snapshots);
const encoded = texts.map((text) => new TextEncoder().encode(text));
const results = [];

measure(core, "100,000 calls that make no sense", 2_000, 100_000, badCalls());
measure(core, "1,000 loads with free()", 50, 1_000, (i) => {
  const policy = loadPolicy(encoded[i % encoded.length]);
  const user = policy.principal("nobody knows me");
  user.can("x:y");
  user.free();
  policy.free();
});
measure(core, "1,000 loads that fail", 50, 1_000, (i) => {
  const half = encoded[i % encoded.length].subarray(0, encoded[i % encoded.length].length / 2);
  if (!throws(() => loadPolicy(half))) throw new Error("half a snapshot was loaded");
});

const { vectors, compiled } = JSON.parse(readFileSync("compiled.json", "utf8"));
const asked = vectors.filter(({ snapshot, ask }) => snapshot !== "inline" && typeof ask.permission === "string");
const files = new Map(asked.map(({ snapshot }) => [snapshot, new Uint8Array(Buffer.from(compiled[snapshot], "base64"))]));
const opened = new Map([...files].map(([name, bytes]) => [name, reader.loadPolicy(bytes)]));
measure(readerCore, "reader: 20,000 principals with free()", 2_000, 20_000, (i) => {
  const { snapshot, principal, ask } = asked[i % asked.length];
  const user = opened.get(snapshot).principal(principal);
  user.can(ask.permission);
  user.check(ask.permission);
  if (i % 8 === 0) user.permissions();
  user.free();
});
measure(readerCore, "reader: 1,000 loads with free()", 50, 1_000, (i) => {
  const { snapshot, principal, ask } = asked[i % asked.length];
  const policy = reader.loadPolicy(files.get(snapshot));
  const user = policy.principal(principal);
  user.can(ask.permission);
  user.free();
  policy.free();
});
measure(readerCore, "reader: 1,000 loads that fail", 50, 1_000, (i) => {
  const bytes = files.get(asked[i % asked.length].snapshot);
  if (!throws(() => reader.loadPolicy(bytes.subarray(0, bytes.length - 1 - (i % 100))))) throw new Error("a part of a snapshot was loaded");
});
console.log(JSON.stringify(results));

async function start({ init, imports }, name) {
  const bytes = readFileSync(createRequire(import.meta.url).resolve(name));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports());
  await init(instance);
  return instance;
}

function measure(instance, what, warmUp, times, work) {
  // What a core exports has names of one letter.
  const memory = Object.values(instance.exports).find((exported) => exported instanceof WebAssembly.Memory);
  for (let i = 0; i < warmUp; i++) work(i);
  const before = memory.buffer.byteLength;
  for (let i = 0; i < times; i++) work(i);
  results.push({ what, before, after: memory.buffer.byteLength });
}

/** Each call is wrong in its own way, and no two ask for the same name. */
function badCalls() {
  const policies = texts.map((text) => loadPolicy(text));
  const users = policies.map((policy) => policy.principal(null));
  // Of each policy so many names are kept and no more (pkg/src/shared.ts): what is measured begins where that is reached.
  for (const user of users) for (let i = 0; i < 10_500; i++) user.can(`kept ${i}`);
  const loop = {};
  loop.self = loop;
  const kinds = [
    (user, _policy, i) => user.can(`no such thing ${i}:${i}`),
    (user, _policy, i) => user.can(`half a pair \ud800 ${i}`),
    (user, _policy, i) => user.check(`a:${"x".repeat(i % 300)}`),
    (user, _policy, i) => user.check("read", `t${i}`, { id: Number.NaN, userId: loop }),
    (user) => user.can("read", "t", undefined),
    (user) => throws(() => user.can("read", { type: "t" })),
    (user) => throws(() => user.can("read", "archive")),
    (user, _policy, i) => user.checkRequest("TRACE", `/nowhere/${i}`),
    (_user, policy, i) => policy.decide({ principal: i, ask: i }),
    (_user, policy, i) => policy.decide({ principal: { sub: i, roles: "x" }, ask: { kind: "instance", action: [], subject: null, object: [i] } }),
    (_user, policy, i) => throws(() => policy.principal(i % 2 ? i : [i], { now: "yesterday" }).free()),
    (_user, policy, i) => throws(() => policy.list(`no list ${i}`, { x: i })),
  ];
  return (i) => kinds[i % kinds.length](users[i % users.length], policies[i % policies.length], i);
}

function throws(work) {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}
