// What of a record reaches the engine, and what happens to records that cannot be written down.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "latchgate";
import { nativeUserWith, reader, userWith } from "./snapshots.mjs";

test("a plain record", () => {
  const user = reader({ userId: "u1" });
  assert.equal(user.can("read", { type: "archive", userId: "u1" }), true);
  assert.equal(user.can("read", { type: "archive", userId: "u2" }), false);
  assert.equal(user.can("read", { type: "archive" }), false);
});

test("a class instance with getters answers like a plain record", () => {
  class Archive {
    type = "archive";
    #owner;
    constructor(owner) {
      this.#owner = owner;
    }
    get userId() {
      return this.#owner;
    }
  }
  const user = reader({ userId: "u1" });
  assert.equal(user.can("read", new Archive("u1")), true);
  assert.equal(user.can("read", new Archive("u2")), false);
});

test("an attribute that no rule reads is not looked at", () => {
  const user = reader({ userId: "u1" });
  const record = {
    type: "archive",
    userId: "u1",
    get expensive() {
      throw new Error("looked at");
    },
  };
  record.self = record;
  assert.equal(user.can("read", record), true);
});

test("a record without a prototype", () => {
  const record = Object.assign(Object.create(null), { type: "archive", userId: "u1" });
  assert.equal(reader({ userId: "u1" }).can("read", record), true);
});

test("names that every object has count only where the record has them", () => {
  for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__"]) {
    // Not Open Archiver: its server fails on such names.
    const user = nativeUserWith({ actions: ["read"], resources: ["archive"], conditions: JSON.parse(`{ "${name}": "x" }`) });
    const own = Object.defineProperty({ type: "archive" }, name, { value: "x", enumerable: true });
    assert.equal(user.can("read", { type: "archive" }), false, `${name} is inherited`);
    assert.equal(user.can("read", own), true, `${name} is the record's own`);
    assert.equal(user.can("read", JSON.parse(`{ "type": "archive", "${name}": "y" }`)), false, `${name} has another value`);
  }
});

test("the id counts where the snapshot names a single record", () => {
  const user = nativeUserWith({ actions: ["read"], resources: ["archive/a1"] });
  assert.equal(user.can("read", { type: "archive", id: "a1" }), true);
  assert.equal(user.can("read", { type: "archive", id: "a2" }), false);
  assert.equal(user.can("read", { type: "archive" }), false);
});

test("asking leaves the record and the prototypes alone", () => {
  const record = JSON.parse('{ "type": "archive", "__proto__": { "polluted": true }, "userId": "u1" }');
  Object.freeze(record);
  reader(JSON.parse('{ "__proto__": { "polluted": true }, "userId": "u1" }')).can("read", record);
  assert.equal({}.polluted, undefined);
});

test("a date is its ISO text", () => {
  const user = reader({ archivedAt: "2026-01-02T03:04:05.000Z" });
  assert.equal(user.can("read", { type: "archive", archivedAt: new Date("2026-01-02T03:04:05Z") }), true);
});

const UNWRITABLE = {
  "a loop": () => {
    const loop = { type: "archive" };
    loop.userId = loop;
    return loop;
  },
  "a bigint": () => ({ type: "archive", userId: 1n }),
  NaN: () => ({ type: "archive", userId: Number.NaN }),
  "an infinity, deep inside": () => ({ type: "archive", userId: { a: [Number.POSITIVE_INFINITY] } }),
  "a getter that throws": () => ({
    type: "archive",
    get userId() {
      throw new Error("not loaded");
    },
  }),
  "an invalid date that says so": () => ({
    type: "archive",
    userId: {
      toJSON() {
        throw new RangeError("Invalid time value");
      },
    },
  }),
  nothing: () => undefined,
  null: () => null,
  "a number": () => 7,
  "a record without a type": () => ({ userId: "u1" }),
  "a record whose type is no text": () => ({ type: 1, userId: "u1" }),
  "half a surrogate pair in its type": () => ({ type: "archive\ud800", userId: "u1" }),
};

for (const [name, record] of Object.entries(UNWRITABLE)) {
  test(`${name}: an error with a sentence, and never an allow`, () => {
    const user = userWith({ action: "manage", subject: "all" }, { action: "read", subject: "archive", conditions: { userId: null } });
    assert.equal(user.can("read", record()), false);
    const decision = user.check("read", record());
    assert.equal(decision.effect, "error");
    assert.equal(decision.code, "invalid_question");
    assert.equal(decision.status, 400);
    assert.equal(decision.rule, null);
    assert.deepEqual(decision.grants, []);
    assert.equal(decision.snapshot.system, "open-archiver");
    assert.match(decision.message, /\S \S/);
  });
}

test("nesting deeper than the engine follows is an error, not a crash", () => {
  let deep = "x";
  for (let i = 0; i < 5_000; i++) deep = { deep };
  const decision = reader({ deep: "x" }).check("read", { type: "archive", deep });
  assert.equal(decision.effect, "error");
});

test("a getter that asks a question of its own changes neither answer", () => {
  const user = userWith({ action: "read", subject: "archive", conditions: { owner: "a", status: "open" } });
  const other = { type: "archive", owner: "x", status: "closed" };
  const asking = (owner, status) => ({
    type: "archive",
    owner,
    get status() {
      assert.equal(user.can("read", other), false);
      assert.equal(user.check("read", other).effect, "deny");
      return status;
    },
  });
  for (let i = 0; i < 3; i++) {
    assert.equal(user.can("read", asking("a", "open")), true);
    assert.equal(user.can("read", asking("b", "open")), false);
    assert.equal(user.can("read", asking("a", "closed")), false);
    assert.equal(user.check("read", asking("a", "open")).effect, "allow");
  }
  // Within what is written down in full, too.
  const nested = { type: "archive", owner: { toJSON: () => (user.can("read", { type: "archive", owner: ["x"], status: "open" }) ? "x" : "a") }, status: "open" };
  assert.equal(user.can("read", nested), true);
  assert.equal(user.check("read", nested).effect, "allow");
});

test("memory that grows between two attributes does not lose the first", () => {
  const user = userWith({ action: "read", subject: "archive", conditions: { owner: "a", status: "open" } });
  const big = "x".repeat(900_000);
  const record = {
    type: "archive",
    owner: "a",
    get status() {
      for (let i = 0; i < 4; i++) userWith({ action: "read", subject: "archive", conditions: { owner: big + i } });
      return "open";
    },
  };
  assert.equal(user.can("read", record), true);
  assert.equal(user.can("read", { ...{ type: "archive", owner: "b" }, status: "open" }), false);
});

test("a principal that a getter frees is gone after the question, and nobody else's answers change", () => {
  const grants = [{ permissions: ["doc:read"], conditions: { a: "x", b: 1, c: 2, d: 3 } }];
  const source = { system: "latchgate", payloads: { combining: "additive", principals: [{ id: "u", grants }] } };
  const policy = loadPolicy(source);
  const plain = { a: "x", b: 1, c: 2, d: 3 };
  for (let round = 0; round < 20; round++) {
    const user = policy.principal("u");
    assert.equal(user.can("read", "doc", plain), true);
    const others = [];
    const record = {
      get a() {
        user.free();
        // What was freed is used again at once.
        for (let at = 0; at < 50; at++) {
          const other = policy.principal("u");
          other.check("read", "doc", plain);
          others.push(other);
        }
        return "x";
      },
      b: 1e300,
      c: 1e300,
      d: 1e300,
    };
    try {
      assert.equal(user.can("read", "doc", record), false);
    } catch (error) {
      assert.equal(error.code, "ERR_FREED");
    }
    assert.throws(() => user.can("read", "doc", plain), { code: "ERR_FREED" });
    for (const other of others) {
      assert.equal(other.can("read", "doc", plain), true);
      assert.equal(other.check("read", "doc", plain).effect, "allow");
      other.free();
    }
  }
});

test("hantera: an entry on one single record holds for that one", () => {
  const roles = [{ key: "r", acl: { entries: [{ resource: "iam/principals/p-1", permission: "read" }] } }];
  const user = loadPolicy({ system: "hantera", payloads: { roles, principals: [{ id: "u", roles: ["r"] }] } }).principal("u");
  for (const method of ["can", "check"]) {
    const allowed = (record) => [true, "allow"].includes(user[method]("read", "iam/principals", record).effect ?? user[method]("read", "iam/principals", record));
    assert.equal(allowed({ id: "p-1" }), true, method);
    assert.equal(allowed({ id: "p-2" }), false, method);
    assert.equal(allowed({}), false, method);
  }
});
