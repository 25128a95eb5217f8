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
await swaps();
console.log(JSON.stringify(results));

/** A server that loads its policy anew again and again. Its requests free their principals, before or after the policy, or forget them. */
async function swaps() {
  const policies = (r) => [{ action: ["read", "update"], subject: `kind-${r}`, conditions: { userId: "${user.id}", note: `of role ${r}: ${"x".repeat(100)}` } }];
  const roles = Array.from({ length: 300 }, (_, r) => ({ id: `role-${r}`, name: `Role ${r}`, policies: policies(r) }));
  const users = Array.from({ length: 500 }, (_, u) => ({ id: `user-${u}`, email: `user-${u}@example.org`, roles: [`role-${u % 300}`, `role-${(u * 7) % 300}`] }));
  const bytes = new TextEncoder().encode(JSON.stringify({ system: "open-archiver", payloads: { roles, users } }));
  if (bytes.length < 110_000 || bytes.length > 140_000) throw new Error(`a snapshot of ${bytes.length} bytes`);
  const swap = (i, end) => {
    const policy = loadPolicy(bytes);
    for (let k = 0; k < 10; k++) {
      const user = policy.principal(`user-${(i + k) % 500}`);
      user.can("read", `kind-${i % 300}`, { userId: `user-${i % 500}` });
      user.check("update", `kind-${k}`, {});
      end(user, policy);
    }
    policy.free();
  };
  const left = [];
  measure(core, "3,000 swaps of a policy of 120 KB, its principals freed before it", 100, 3_000, (i) => swap(i, (user) => user.free()));
  measure(core, "3,000 swaps of a policy of 120 KB, its principals freed after it", 100, 3_000, (i) => {
    swap(i, (user) => left.push(user));
    for (const user of left.splice(0)) user.free();
  });
  // Collected twenty swaps at a time; what is finalised is so in a turn of its own.
  await measureTurns(core, "3,000 swaps of a policy of 120 KB, its principals forgotten and collected", 400, 3_000, async (i) => {
    swap(i, () => {});
    if (i % 20 === 0) await collected();
  });
  const policy = loadPolicy(bytes);
  const tables = policy.compiled().length;
  policy.free();
  await collected();
  const kept = 200;
  const before = memoryOf(core).buffer.byteLength;
  for (let i = 0; i < kept; i++) swap(i, (user) => left.length === i && left.push(user));
  // The tables that the principal is answered from, and what is lost between them; no documents of its policy.
  results.push({ what: `${kept} swaps, a principal of each kept`, before, after: memoryOf(core).buffer.byteLength, most: kept * tables * 2.5 });
  if (left.some((user, i) => user.can("read", `kind-${i}`, { userId: "nobody" }))) throw new Error("a principal that is left answers otherwise");
}

async function collected() {
  for (let again = 0; again < 3; again++) {
    globalThis.gc();
    await new Promise((done) => setImmediate(done));
  }
}

async function start({ init, imports }, name) {
  const bytes = readFileSync(createRequire(import.meta.url).resolve(name));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports());
  await init(instance);
  return instance;
}

// What a core exports has names of one letter.
function memoryOf(instance) {
  return Object.values(instance.exports).find((exported) => exported instanceof WebAssembly.Memory);
}

async function measureTurns(instance, what, warmUp, times, work) {
  const memory = memoryOf(instance);
  for (let i = 0; i < warmUp; i++) await work(i);
  const before = memory.buffer.byteLength;
  for (let i = 0; i < times; i++) await work(i);
  results.push({ what, before, after: memory.buffer.byteLength });
}

function measure(instance, what, warmUp, times, work) {
  const memory = memoryOf(instance);
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
