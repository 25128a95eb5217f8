// Time passes: snapshots end, principals begin and cease to be valid. Every way of asking sees it when it happens and not later, whatever
// was kept before; where nothing hangs on the time nobody looks at a clock.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as latchgate from "latchgate";
import * as insight from "latchgate/insight";
import * as reader from "latchgate/reader";

const at = (text) => Date.parse(text);
const END = at("2026-06-01T00:00:00Z");
const FROM = at("2026-02-01T00:00:00Z");
const UNTIL = at("2026-03-01T00:00:00Z");
const snapshot = {
  system: "latchgate",
  expiresAt: "2026-06-01T00:00:00Z",
  payloads: {
    combining: "deny-overrides",
    roles: [{ key: "r", grants: [{ permissions: ["doc:read"] }, { actions: ["edit"], resources: ["doc"], conditions: { owner: "u" } }] }],
    principals: [{ id: "ann", roles: ["r"] }, { id: "eve", roles: ["r"], validFrom: "2026-02-01T00:00:00Z", validUntil: "2026-03-01T00:00:00Z" }],
  },
};
const plain = { ...snapshot, expiresAt: undefined, payloads: { ...snapshot.payloads, principals: [{ id: "ann", roles: ["r"] }] } };
delete plain.expiresAt;
const ENTRIES = { latchgate, insight, reader };
const load = (entry, source, options) => entry.loadPolicy(entry === reader ? latchgate.compile(source) : source, options);

/** The times around each moment, there and back again. */
const TIMES = [FROM - 1, FROM, UNTIL - 1, UNTIL, END - 1, END, END + 1e9, END - 1, UNTIL - 1, FROM - 1, UNTIL - 1, END];
const right = (who, time) => time < END && (who === "ann" || (time >= FROM && time < UNTIL));

/** All ways of asking one who may do everything there is; each says whether it is allowed. */
const own = { owner: "u" };
const WAYS = {
  can: (user) => user.can("doc:read"),
  "can, by a handle": (user, { one }) => user.can(one),
  "can, a name never asked": (user, { fresh }) => user.can(fresh()) || user.can("doc:read"),
  "can, a record": (user) => user.can("edit", "doc", own),
  "can, a record in full": (user) => user.can("edit", "doc", { owner: "u", id: "a/b" }) || user.can("edit", "doc", own, "field"),
  canAny: (user) => user.canAny("edit", "doc"),
  "canAny, a field": (user) => user.canAny("edit", "doc", "title"),
  canMany: (user) => user.canMany(["doc:read"])[0],
  "canMany, a list": (user, { many }) => user.canMany(many)[0],
  "canMany, into": (user, { many }) => user.canMany(many, new Uint8Array(1))[0] === 1,
  canAll: (user) => user.canAll(["doc:read"]),
  canSome: (user) => user.canSome(["doc:read"]),
  check: (user) => user.check("doc:read").allowed,
  "check, a record": (user) => user.check("edit", "doc", own).allowed,
  checkAny: (user) => user.checkAny("edit", "doc").allowed,
  filter: (user) => user.filter("edit", "doc").kind !== "none",
  permissions: (user) => user.permissions().length > 0,
  "console.log": (user) => user.toJSON().permissions.length > 0,
};
const INSIGHT = {
  list: (user) => user.list().total > 0,
  "list, names": (user) => user.list({ names: true }).total > 0,
  why: (user) => user.why("doc:read").decision.allowed,
  "why, a record": (user) => user.why({ action: "edit", type: "doc", record: own }).decision.allowed,
  resources: (user) => user.resources("edit", "doc", [own]).records.length > 0,
};
const POLICY = {
  decide: (policy, id) => policy.decide({ principal: id, ask: { kind: "permission", permission: "doc:read" } }).allowed,
  "a principal made anew": (policy, id) => policy.principal(id).can("doc:read"),
  "with a context": (policy, id) => policy.principal(id, { attributes: {} }).can("doc:read"),
};
const WHOLE = {
  who: (policy, id) => policy.who("doc:read").principals.some((one) => one.id === id),
  "who, names": (policy, id) => policy.who("doc:read", { names: true }).ids.includes(id),
  "who, a record": (policy, id) => policy.who({ action: "edit", type: "doc", record: own }, { names: true }).ids.includes(id),
};

test("every way of asking sees the time at which it is asked", () => {
  let asked = 0;
  for (const [name, entry] of Object.entries(ENTRIES)) {
    let now = TIMES[0];
    let names = 0;
    const policy = load(entry, snapshot, { clock: () => (asked % 2 === 0 ? now : new Date(now)) });
    const with_ = { one: policy.permission("doc:read"), many: policy.permissions(["doc:read"]), fresh: () => `made:up${names++}` };
    for (const id of ["ann", "eve"]) {
      // One principal for each way, and one for all of them.
      const ways = { ...WAYS, ...(entry === insight && INSIGHT) };
      const alone = Object.fromEntries(Object.keys(ways).map((way) => [way, policy.principal(id)]));
      const shared = policy.principal(id);
      for (now of TIMES) {
        for (const [way, ask] of Object.entries(ways)) {
          for (const user of [alone[way], shared]) {
            assert.equal(ask(user, with_), right(id, now), `${name}, ${id}, ${way}, ${new Date(now).toISOString()}`);
            asked++;
          }
        }
        for (const [way, ask] of Object.entries({ ...POLICY, ...(entry === insight && WHOLE) })) {
          assert.equal(ask(policy, id), right(id, now), `${name}, ${id}, ${way}, ${new Date(now).toISOString()}`);
          asked++;
        }
      }
    }
  }
  console.log(`asked as time passes: ${asked}`);
  assert.ok(asked > 2_500);
});

test("a time that the caller says wins, and stays", () => {
  let now = END;
  const policy = latchgate.loadPolicy(snapshot, { clock: () => now });
  const user = policy.principal("eve", { now: "2026-02-10T00:00:00Z" });
  for (now of TIMES) {
    assert.equal(user.can("doc:read"), true);
    assert.equal(user.check("doc:read").allowed, true);
    assert.equal(policy.decide({ principal: "eve", context: { now: "2026-02-10T00:00:00Z" }, ask: { kind: "permission", permission: "doc:read" } }).allowed, true);
    assert.equal(policy.decide({ principal: "eve", ask: { kind: "permission", permission: "doc:read", now: "2026-02-10T00:00:00Z" } }).allowed, true);
  }
});

test("without a clock of the program the runtime's counts", () => {
  const ends = (milliseconds) => ({ ...snapshot, expiresAt: new Date(Date.now() + milliseconds).toISOString() });
  for (const [name, entry] of Object.entries(ENTRIES)) {
    assert.equal(load(entry, ends(-60_000)).principal("ann").check("doc:read").code, "snapshot_expired", name);
    assert.equal(load(entry, ends(3_600_000)).principal("ann").check("doc:read").code, "granted", name);
  }
});

test("where nothing hangs on the time nobody looks at the clock", () => {
  let looked = 0;
  const clock = () => (looked++, 0);
  for (const [name, entry] of Object.entries(ENTRIES)) {
    const policy = load(entry, plain, { clock });
    const user = policy.principal("ann");
    for (let i = 0; i < 3; i++) {
      user.can("doc:read");
      user.can("edit", "doc", own);
      user.check("doc:read");
      user.filter("edit", "doc");
      policy.decide({ principal: "ann", ask: { kind: "permission", permission: "doc:read" } });
      policy.principal("ann", { tenant: "t" }).free();
      if (entry === insight) [policy.who("doc:read"), policy.diff(policy), user.list({ names: true }), policy.digest()];
    }
    assert.equal(looked, 0, name);
  }
});

test("a clock that is none, or gives no time", () => {
  for (const clock of [1, "now", {}, null]) assert.throws(() => latchgate.loadPolicy(plain, { clock }), { code: "ERR_ARGUMENT" });
  for (const time of [NaN, undefined, "soon", Infinity, new Date(NaN)]) {
    const policy = latchgate.loadPolicy(snapshot, { clock: () => time });
    assert.throws(() => policy.principal("ann"), { code: "ERR_ARGUMENT" });
    assert.throws(() => policy.decide({ principal: "ann", ask: { kind: "permission", permission: "doc:read" } }), { code: "ERR_ARGUMENT" });
  }
});

test("a clock may free who asks, or ask itself", () => {
  let now = FROM;
  let user;
  let inside = false;
  const policy = latchgate.loadPolicy(snapshot, {
    clock: () => {
      if (user !== undefined && !inside) {
        inside = true;
        user.can("doc:read");
        inside = false;
      }
      return now;
    },
  });
  user = policy.principal("eve");
  assert.equal(user.can("doc:read"), true);
  now = UNTIL;
  assert.equal(user.can("doc:read"), false);
  const freeing = latchgate.loadPolicy(snapshot, { clock: () => (user.free(), now) });
  user = freeing.principal("ann");
  assert.throws(() => user.can("doc:read"), { code: "ERR_FREED" });
});

test("what a digest covers hangs on no clock", () => {
  const digests = [FROM, UNTIL, END].map((now) => insight.loadPolicy(snapshot, { clock: () => now }).digest());
  assert.equal(new Set(digests).size, 1);
});

test("diff compares at one time", () => {
  const later = { ...snapshot, expiresAt: "2027-06-01T00:00:00Z" };
  const diff = (now) => insight.loadPolicy(snapshot, { clock: () => now }).diff(insight.loadPolicy(later, { clock: () => now }));
  assert.equal(diff(UNTIL).gained, 0);
  assert.ok(diff(END).gained > 0);
});
