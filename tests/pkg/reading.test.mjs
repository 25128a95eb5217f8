// One reading of a record, whatever it is made of: by plan (`can`), in full (`check`), explained (`why`), as a filter's record, on a compiled
// snapshot, through the façade, and where CASL is the rule as CASL 7.0.1 reads it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import * as peer from "casl-7";
import { compile } from "latchgate";
import * as facade from "latchgate/casl";
import { loadPolicy } from "latchgate/insight";
import * as small from "latchgate/reader";

class Own {
  constructor(owner) {
    this.owner = owner;
  }
}
class Getter {
  get owner() {
    return "ann";
  }
}
class Hidden {
  #owner = "ann";
  get owner() {
    return this.#owner;
  }
}
const toJson = (form, members = {}) => ({ ...members, toJSON: () => form });
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({ owner: "ann" }, {});
  revoke();
  return proxy;
};

/** Records, each made anew. */
const RECORDS = {
  "a plain one": () => ({ owner: "ann" }),
  "without the attribute": () => ({ id: "1" }),
  "a class instance": () => new Own("ann"),
  "a getter of its class": () => new Getter(),
  "a private field behind a getter": () => new Hidden(),
  "a getter of its own": () => ({ get owner() { return "ann"; } }),
  "a getter that throws": () => ({ get owner() { throw new RangeError("not loaded"); } }),
  "no prototype": () => Object.assign(Object.create(null), { owner: "ann" }),
  "a prototype that bears it": () => Object.create({ owner: "ann" }),
  "not enumerable": () => Object.defineProperty({}, "owner", { value: "ann" }),
  "a list with a member": () => Object.assign([], { owner: "ann" }),
  "a list with items and a member": () => Object.assign([{ owner: "bob" }], { owner: "ann" }),
  "a list of such": () => [{ owner: "ann" }],
  "a proxy": () => new Proxy({ owner: "ann" }, {}),
  "a proxy of a list": () => new Proxy(Object.assign([], { owner: "ann" }), {}),
  "a proxy that answers for what is not there": () => new Proxy({}, { get: (_, key) => (key === "owner" ? "ann" : undefined) }),
  "a revoked proxy": revoked,
  "a map": () => new Map([["owner", "ann"]]),
  "a map with a member": () => Object.assign(new Map(), { owner: "ann" }),
  "a typed array with a member": () => Object.assign(new Uint8Array(2), { owner: "ann" }),
  "a date with a member": () => Object.assign(new Date(0), { owner: "ann" }),
  "an error with a member": () => Object.assign(new Error("x"), { owner: "ann" }),
  "a boxed text with a member": () => Object.assign(new String("x"), { owner: "ann" }),
  "a promise with a member": () => Object.assign(Promise.resolve(), { owner: "ann" }),
  "a JSON form that hides it": () => toJson({ owner: "bob" }, { owner: "ann" }),
  "a JSON form that claims it": () => toJson({ owner: "ann" }, { owner: "bob" }),
  "a boxed value": () => ({ owner: new String("ann") }),
  "a value with a JSON form": () => ({ owner: toJson("ann") }),
  "a value with another JSON form": () => ({ owner: toJson("bob", { owner: "ann" }) }),
  "a list of values": () => ({ owner: ["ann"] }),
  "a list with holes": () => ({ owner: [, "ann"] }),
  "a list in a list": () => ({ owner: [["ann"]] }),
  "undefined": () => ({ owner: undefined }),
  "null": () => ({ owner: null }),
  "a symbol": () => ({ owner: Symbol("ann") }),
  "not a number": () => ({ owner: Number.NaN }),
  "a bigint": () => ({ owner: 1n }),
  "a function": () => ({ owner: () => "ann" }),
  "a set": () => ({ owner: new Set(["ann"]) }),
  "what looks like a list": () => ({ owner: { 0: "ann", length: 1 } }),
  "a pattern": () => ({ owner: /ann/ }),
  "a host with a JSON form": () => ({ a: toJson({ b: 1 }, { b: 2 }) }),
  "a host that gives what it is": () => ({ a: toJson({ b: 2 }, { b: 1 }) }),
  "a host whose JSON form throws": () => ({ a: { b: 1, toJSON() { throw new TypeError("closed"); } } }),
  "a host in a list with a JSON form": () => ({ a: [toJson({ b: 1 }, { b: 2 })] }),
  "a host whose JSON form is a list": () => ({ a: toJson([{ b: 1 }]) }),
  "a host that inherits": () => ({ a: Object.create({ b: 1 }) }),
  "a host that is a list with a member": () => ({ a: Object.assign([], { b: 1 }) }),
  "a host that is a map": () => ({ a: new Map([["b", 1]]) }),
};

const CONDITIONS = [
  { owner: "ann" }, { owner: { $ne: "ann" } }, { owner: { $exists: true } }, { owner: { $exists: false } }, { owner: null }, { owner: { $ne: null } },
  { owner: { $in: ["ann", "x"] } }, { owner: { $nin: ["ann"] } }, { owner: { $lt: "b" } }, { owner: { $size: 1 } }, { owner: { $elemMatch: { $eq: "ann" } } },
  { "a.b": 1 }, { "a.b": { $ne: 1 } }, { "a.b": { $exists: false } }, { "a.b": { $gt: 1 } }, { a: { $elemMatch: { b: 1 } } },
];

const SYSTEMS = {
  latchgate: (conditions, denies) => ({
    system: "latchgate",
    payloads: { combining: "deny-overrides", principals: [{ id: "u", grants: denies ? [{ permissions: ["archive:read"] }, { permissions: ["archive:read"], effect: "deny", conditions }] : [{ permissions: ["archive:read"], conditions }] }] },
  }),
  casl: (conditions, denies) => ({ system: "casl", payloads: { u: rulesOf(conditions, denies) } }),
  "open-archiver": (conditions, denies) => ({ system: "open-archiver", payloads: { roles: [{ id: "r", name: "r", policies: rulesOf(conditions, denies) }], users: [{ id: "u", roles: ["r"] }] } }),
};
const rulesOf = (conditions, denies) => (denies ? [{ action: "read", subject: "archive" }, { action: "read", subject: "archive", inverted: true, conditions }] : [{ action: "read", subject: "archive", conditions }]);

for (const [system, snapshot] of Object.entries(SYSTEMS)) {
  test(`${system}: every kind of record in every way`, (context) => {
    const answers = { allow: 0, deny: 0, error: 0 };
    let [compared, beside] = [0, 0];
    for (const conditions of CONDITIONS) {
      for (const denies of [false, true]) {
        const source = snapshot(conditions, denies);
        const policy = loadPolicy(source);
        const user = policy.principal("u");
        const reader = small.loadPolicy(compile(source)).principal("u");
        const filter = user.filter("read", "archive");
        for (const [kind, make] of Object.entries(RECORDS)) {
          const about = `${JSON.stringify(conditions)}${denies ? " denies" : ""}: ${kind}`;
          const { effect } = user.check("read", "archive", make());
          answers[effect]++;
          const allowed = effect === "allow";
          assert.equal(user.can("read", "archive", make()), allowed, `${about}, can`);
          assert.equal(reader.can("read", "archive", make()), allowed, `${about}, can on the compiled snapshot`);
          assert.equal(reader.check("read", "archive", make()).effect, effect, `${about}, check on the compiled snapshot`);
          // What cannot be read is refused there.
          const why = attempt(() => user.why({ action: "read", type: "archive", record: make() }).decision.effect);
          assert.ok(why === effect || (effect === "error" && why === "ERR_ARGUMENT"), `${about}, why: ${why}`);
          // The lists of Open Archiver are its database's.
          if (system !== "open-archiver") assert.equal(filter.test(make()), allowed, `${about}, a filter`);
          compared++;
          if (system === "casl" && besideCasl(conditions, denies, make, effect, about)) beside++;
        }
      }
    }
    context.diagnostic(`${compared} questions: ${answers.allow} allowed, ${answers.deny} denied, ${answers.error} errors; ${beside} beside CASL`);
    assert.equal(compared, CONDITIONS.length * 2 * Object.keys(RECORDS).length);
    assert.ok(answers.allow > compared / 5 && answers.deny > compared / 5 && answers.error > 0);
    assert.ok(system !== "casl" || beside > compared * 0.9);
  });
}

/** The same of CASL and of the façade. Whether it could be asked: some records cannot be marked. */
function besideCasl(conditions, denies, make, effect, about) {
  const ask = (library) => {
    const record = make();
    if (attempt(() => library.detectSubjectType(library.subject("archive", record))) !== "archive") return undefined;
    return attempt(() => (library.createMongoAbility(rulesOf(conditions, denies)).can("read", record) ? "allow" : "deny"));
  };
  const [theirs, ours] = [peer, facade].map(ask);
  assert.equal(ours, theirs, `${about}, the façade`);
  if (theirs === undefined) return false;
  assert.equal(effect, ["allow", "deny"].includes(theirs) ? theirs : "error", about);
  return true;
}

function attempt(work) {
  try {
    return work();
  } catch (error) {
    return error.code ?? error.constructor.name;
  }
}

const owned = (name) => SYSTEMS.latchgate({ [name]: "ann" }, false);

test("native: a list is no record, and a record's own toJSON is not asked", () => {
  const user = loadPolicy(owned("owner")).principal("u");
  const { effect, code } = user.check("read", "archive", RECORDS["a list with a member"]());
  assert.deepEqual([effect, code], ["error", "invalid_question"]);
  assert.equal(user.can("read", "archive", RECORDS["a JSON form that hides it"]()), true);
  assert.equal(user.can("read", "archive", RECORDS["a JSON form that claims it"]()), false);
  // Of what it holds the JSON form counts.
  const host = loadPolicy(SYSTEMS.latchgate({ "a.b": 1 }, false)).principal("u");
  assert.equal(host.can("read", "archive", RECORDS["a host with a JSON form"]()), true);
  assert.equal(host.can("read", "archive", RECORDS["a host that gives what it is"]()), false);
  assert.equal(host.check("read", "archive", RECORDS["a host whose JSON form throws"]()).effect, "error");
});

test("what all objects are given after a plan was made is nobody's attribute in a native snapshot, and in CASL's what CASL finds", () => {
  const kinds = { native: owned("owner"), "native, deeper": owned("a.owner"), "native, a deny": SYSTEMS.latchgate({ owner: { $ne: "ann" } }, true), casl: SYSTEMS.casl({ owner: "ann" }, false), "casl, deeper": SYSTEMS.casl({ "a.owner": "ann" }, false), "open-archiver": SYSTEMS["open-archiver"]({ owner: "ann" }, false) };
  let compared = 0;
  for (const [kind, source] of Object.entries(kinds)) {
    const user = loadPolicy(source).principal("u");
    const filter = user.filter("read", "archive");
    const ask = (record) => [user.can("read", "archive", record), user.check("read", "archive", record).effect === "allow", kind === "open-archiver" ? undefined : filter.test(record)];
    for (const record of [{}, { a: {} }, { owner: "ann", a: { owner: "ann" } }, { owner: "bob", a: { owner: "bob" } }]) {
      const before = ask(record);
      Object.prototype.owner = "ann";
      let after;
      try {
        after = ask(record);
      } finally {
        delete Object.prototype.owner;
      }
      const about = `${kind}, ${inspect(record)}`;
      for (const answers of [before, after]) assert.equal(new Set(answers.filter((answer) => answer !== undefined)).size, 1, `${about}: ${answers}`);
      if (kind.startsWith("native")) assert.deepEqual(after, before, about);
      else if (kind === "casl") assert.equal(after[0], record.owner !== "bob", about);
      compared++;
    }
  }
  assert.equal(compared, 24);
  assert.equal({}.owner, undefined);
});

test("a permission that was looked up cannot be made into another one", () => {
  const policy = loadPolicy({ system: "latchgate", payloads: { combining: "deny-overrides", principals: [{ id: "u", grants: [{ permissions: ["a:x"] }] }] } });
  const user = policy.principal("u");
  const [held, other] = [policy.permission("a:x"), policy.permission("zz:x")];
  const list = policy.permissions(["zz:x", "a:x"]);
  for (const handle of [held, other, list, list.names]) assert.ok(Object.isFrozen(handle));
  for (const name of ["number", "name", "shared", "numbers", "names"]) assert.throws(() => { other[name] = held[name]; }, TypeError);
  assert.deepEqual(Reflect.ownKeys(held), ["name"]);
  // Whatever else a forged one bears, it counts by its name, and without one it is refused.
  for (const forged of [{ name: "zz:x", number: 0, shared: held.shared }, Object.create(held, { name: { value: "zz:x" } }), Object.create(other), new Proxy(other, {})]) {
    assert.equal(user.can(forged), false);
    assert.equal(user.check(forged).effect, "deny");
  }
  assert.throws(() => user.can({ number: 0 }), { code: "ERR_ARGUMENT" });
  for (const forged of [{ names: ["a:x"], length: 1 }, Object.create(list), new Proxy(list, {})]) assert.throws(() => user.canMany(forged), { code: "ERR_ARGUMENT" });
  assert.deepEqual([user.can(held), user.can(other), user.canMany(list)], [true, false, [false, true]]);
});
