// W2 asked as a whole: what one user can do, who can do something, what tells two versions apart. Each candidate is verified with the
// naive reference before it is timed. CASL and casbin answer where they have an answer at all: CASL by asking everything.

import { newEnforcer, newModelFromString, StringAdapter } from "casbin";
import casbin, { BY_NAME as MODEL } from "../adapters/casbin.mjs";
import { engineOf } from "../adapters/registry.mjs";
import { snapshotOf } from "../adapters/latchgate-snapshot.mjs";
import { held, watchWasmMemory } from "../lib/memory.mjs";
import { interleave } from "../lib/interleave.mjs";
import { backEnd } from "../workloads/back-end.mjs";
import { allows } from "../workloads/reference.mjs";

watchWasmMemory();

/** Every hundredth user has another role, every hundredth role another grant. */
function changed(document) {
  const after = structuredClone(document);
  const [users, roles] = [Object.keys(after.users), Object.keys(after.roles)];
  for (let at = 0; at < users.length; at += 100) {
    const held = after.users[users[at]];
    held[0] = roles.find((role) => !held.includes(role));
  }
  for (let at = 0; at < roles.length; at += 100) after.roles[roles[at]].pop();
  return after;
}

export default async function measure({ timing }) {
  const { loadPolicy } = await import("latchgate/insight");
  const workload = backEnd();
  const { document, resources, actions } = workload;
  const users = Object.keys(document.users);
  const pairs = resources.flatMap((r) => actions.map((a) => ({ a, r, permission: `${r}:${a}` })));
  const before = JSON.stringify(snapshotOf(document));
  const later = changed(document);
  const policy = loadPolicy(before);
  const after = loadPolicy(JSON.stringify(snapshotOf(later)));
  const loaded = await held();

  const casl = await engineOf("casl", workload);
  const caslAfter = await engineOf("casl", { ...workload, document: later });
  casl.warm(users);
  caslAfter.warm(users);
  const { text } = casbin.translate(document);
  const enforcer = await newEnforcer(newModelFromString(MODEL), new StringAdapter(text));

  const principals = users.map((u) => ({ u, principal: policy.principal(u) }));
  const questions = workload.checks.slice(0, 500).map(({ a, r }) => ({ a, r, permission: `${r}:${a}` }));
  const reasons = workload.checks.slice(0, 500).map(({ u, a, r }) => ({ u, principal: principals[users.indexOf(u)].principal, a, r }));
  const once = [{ once: true }];

  const wrong = [...verifyLists(), ...verifyWho(), ...verifyDiff(), ...verifyWhy()];
  const ours = (name) => wrong.every((one) => one.name !== name);
  const candidates = {
    list: [
      { name: "latchgate, names", call: (principal) => principal.list({ names: true }), fields: ["principal"], checks: principals },
      { name: "latchgate, with how each is held", call: (principal) => principal.list(), fields: ["principal"], checks: principals },
      { name: "casl", call: (u) => pairs.filter(({ a, r }) => casl.check(u, a, r)), fields: ["u"], checks: principals },
    ],
    who: [
      { name: "latchgate, ids", call: (permission) => policy.who(permission, { names: true }), fields: ["permission"], checks: questions },
      { name: "latchgate, with how each holds it", call: (permission) => policy.who(permission), fields: ["permission"], checks: questions },
      { name: "casl", call: (a, r) => users.filter((u) => casl.check(u, a, r)), fields: ["a", "r"], checks: questions },
    ],
    diff: [{ name: "latchgate", call: () => policy.diff(after), fields: [], checks: once }],
    // About a record, so that neither answer is kept.
    why: [
      { name: "latchgate", call: (principal, a, r) => principal.why({ action: a, type: r, record: {} }), fields: ["principal", "a", "r"], checks: reasons },
      { name: "latchgate, its own check", call: (principal, a, r) => principal.check(a, r, {}), fields: ["principal", "a", "r"], checks: reasons },
    ],
  };
  const rows = {};
  for (const [part, list] of Object.entries(candidates)) rows[part] = await interleave(list.filter(({ name }) => ours(`${part}: ${name.split(",")[0]}`)), timing);
  // What takes seconds is asked once or twice.
  rows.list.push(await slowly("casbin", (at) => enforcer.getImplicitPermissionsForUser(users[at]), 20));
  rows.who.push(await slowly("casbin", (at) => enforcer.getImplicitUsersForPermission(questions[at].r, questions[at].a), 1));
  rows.diff.push(await slowly("casl", enumeratedDiff, 1));
  // What the core keeps. JavaScript's heap also holds CASL's abilities here, so it cannot be told apart.
  const memory = (await held()).wasm - loaded.wasm;
  return { rows, memory, users: users.length, wrong };

  async function slowly(name, call, times) {
    const began = performance.now();
    for (let at = 0; at < times; at++) await call(at);
    return { name, ns: ((performance.now() - began) * 1e6) / times };
  }

  function enumeratedDiff() {
    const found = [];
    for (const u of users) for (const { a, r, permission } of pairs) if (casl.check(u, a, r) !== caslAfter.check(u, a, r)) found.push({ u, permission });
    return found;
  }

  /** Of ten users, everything. A name or a pattern of the list covers what is allowed, and nothing else. */
  function verifyLists() {
    let [mistakes, asked] = [0, 0];
    for (const { u, principal } of principals.slice(0, 10)) {
      const names = new Set(principal.list({ names: true }).permissions);
      for (const { a, r, permission } of pairs) {
        asked++;
        const listed = [permission, `${r}:*`, `*:${a}`, "*", "*:*", "*/*:*"].some((name) => names.has(name));
        if (listed !== allows(document, u, a, r)) mistakes++;
      }
    }
    return mistakes === 0 ? [] : [{ name: "list: latchgate", ours: true, wrong: mistakes, asked }];
  }

  function verifyWho() {
    let [mistakes, asked] = [0, 0];
    for (const { a, r, permission } of questions.slice(0, 50)) {
      const ids = new Set(policy.who(permission, { names: true }).ids);
      for (const u of users) {
        asked++;
        if (ids.has(u) !== allows(document, u, a, r)) mistakes++;
      }
    }
    return mistakes === 0 ? [] : [{ name: "who: latchgate", ours: true, wrong: mistakes, asked }];
  }

  function verifyWhy() {
    let mistakes = 0;
    for (const { u, principal, a, r } of reasons) if ((principal.why({ action: a, type: r, record: {} }).decision.effect === "allow") !== allows(document, u, a, r)) mistakes++;
    return mistakes === 0 ? [] : [{ name: "why: latchgate", ours: true, wrong: mistakes, asked: reasons.length }];
  }

  /** What is gained or lost by name is so by the reference; what is a name and differs is in the diff. */
  function verifyDiff() {
    const changes = new Map(policy.diff(after).groups.flatMap(({ changes }) => changes).map((change) => [`${change.principal} ${change.permission}`, change.kind]));
    const listed = new Set(users.flatMap((u) => [policy, after].flatMap((one) => one.principal(u).list({ names: true }).permissions)));
    let [mistakes, asked] = [0, 0];
    for (const u of users) {
      for (const { a, r, permission } of pairs) {
        if (!listed.has(permission)) continue;
        asked++;
        const [was, is] = [allows(document, u, a, r), allows(later, u, a, r)];
        const kind = was === is ? undefined : is ? "gain" : "loss";
        if (changes.get(`${u} ${permission}`) !== kind) mistakes++;
      }
    }
    return mistakes === 0 && changes.size > 0 ? [] : [{ name: "diff: latchgate", ours: true, wrong: mistakes, asked }];
  }
}
