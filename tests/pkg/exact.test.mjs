// Records as JavaScript has them, under conditions of CASL 7.0.1 and of Open Archiver's CASL 6.7.3. Each expected answer was asked of
// those two versions; `tests/oracle` asks them about generated cases.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, loadPolicy } from "latchgate";
import * as small from "latchgate/reader";

class Row {
  #value;
  constructor(value) {
    this.#value = value;
  }
  get a() {
    return this.#value;
  }
}
class Money {
  constructor(amount) {
    this.amount = amount;
  }
  valueOf() {
    return this.amount;
  }
}
const bare = (members) => Object.assign(Object.create(null), members);
const throwing = (name, more) => Object.defineProperty({ ...more }, name, { enumerable: true, get: () => assert.fail("looked at") });
const date = new Date("2026-01-02T03:04:05Z");
const holes = (length) => Array.from({ length: 0 }).concat(new Array(length));
const circular = () => {
  const user = { name: "ann", posts: [] };
  user.posts.push({ author: user, title: "x", comments: [{ by: user }] });
  return user;
};

/** Conditions, a record, and what CASL 6.7.3 and CASL 7.0.1 say. */
const CASES = [
  // `undefined`, missing, null
  [{ a: null }, { a: undefined }, false, false],
  [{ a: null }, {}, false, true],
  [{ a: { $ne: null } }, {}, true, false],
  [{ a: { $exists: true } }, { a: undefined }, true, true],
  [{ a: { $exists: false } }, {}, true, true],
  [{ "b.a": { $exists: true } }, { b: { a: undefined } }, true, true],
  [{ "b.a": null }, { b: { a: undefined } }, false, false],
  [{ a: { $lt: 5 } }, { a: undefined }, true, true],
  [{ a: { $in: [null] } }, { a: [undefined] }, false, false],
  // numbers
  [{ a: { $lt: 0 } }, { a: Number.NaN }, true, true],
  [{ a: { $gte: 0 } }, { a: Number.NaN }, false, false],
  [{ a: { $gt: 9007199254740991 } }, { a: Number.POSITIVE_INFINITY }, true, true],
  [{ a: { $gt: "1e999" } }, { a: Number.POSITIVE_INFINITY }, false, false],
  [{ a: 0 }, { a: -0 }, true, true],
  [{ a: { $gt: -1 } }, { a: [Number.NEGATIVE_INFINITY] }, false, false],
  // dates
  [{ a: date.getTime() }, { a: date }, true, true],
  [{ a: date.toISOString() }, { a: date }, false, false],
  [{ a: { $lt: "2024-01-01T00:00:00Z" } }, { a: date }, true, true],
  [{ a: { $gt: "2024-01-01T00:00:00Z" } }, { a: date }, false, false],
  [{ a: { $gt: 0 } }, { a: date }, true, true],
  [{ a: { $lt: 0 } }, { a: new Date(Number.NaN) }, true, true],
  [{ a: { $in: [date.getTime()] } }, { a: [new Date(1), date] }, true, true],
  [{ "a.x": null }, { a: date }, false, true],
  [{ "b.a": { $gt: 5 } }, { b: { a: date } }, true, true],
  // bigints
  [{ a: 1 }, { a: 1n }, false, false],
  [{ a: { $gt: 0 } }, { a: 1n }, true, true],
  [{ a: { $gt: 9007199254740991 } }, { a: 9007199254740993n }, true, true],
  [{ a: { $gte: "9007199254740993" } }, { a: 9007199254740993n }, false, false],
  [{ a: { $lt: "9007199254740994" } }, { a: 9007199254740993n }, true, true],
  [{ a: { $lt: "x" } }, { a: 1n }, true, true],
  // objects that say what they are
  [{ a: 5 }, { a: { toJSON: () => 5, x: 1 } }, true, true],
  [{ "a.x": 1 }, { a: { toJSON: () => 5, x: 1 } }, true, true],
  [{ a: false }, { a: { toJSON: () => false } }, true, true],
  [{ a: 5 }, { a: { toJSON: 5 } }, false, false],
  [{ a: { $gt: 4 } }, { a: new Money(5) }, true, true],
  [{ a: 5 }, { a: new Money(5) }, false, false],
  [{ "a.amount": 5 }, { a: new Money(5) }, true, true],
  [{ a: { $gt: 4 } }, { a: { [Symbol.toPrimitive]: (hint) => (hint === "number" ? 5 : 0) } }, true, true],
  [{ a: { $gt: "[object Objecs]" } }, { a: {} }, true, true],
  [{ a: { $gt: 2 } }, { a: [[3]] }, true, true],
  [{ a: { $gt: 2 } }, { a: [[{ toString: () => "3" }]] }, true, true],
  [{ a: "b" }, { a: new String("b") }, false, false],
  [{ a: { $gt: "a" } }, { a: new String("b") }, true, true],
  // what throws when it is converted
  [{ a: 5 }, { a: Object.create(null) }, "throws", "throws"],
  [{ a: { $exists: true } }, { a: Object.create(null) }, true, true],
  [{ a: 5 }, { a: Symbol("s") }, "throws", "throws"],
  [{ a: 5 }, { a: { toString: 1 } }, "throws", "throws"],
  [{ a: 5 }, { a: { toJSON: () => assert.fail() } }, "throws", "throws"],
  [{ a: { $size: 1 } }, { a: { toJSON: () => assert.fail() } }, false, false],
  [{ a: 1 }, { a: [1, Object.create(null)] }, true, "throws"],
  [{ a: { $in: [1] } }, { a: [1, Object.create(null)] }, true, true],
  // getters
  [{ a: 1 }, new Row(1), true, true],
  [{ a: { $exists: true } }, new Row(1), false, false],
  [{ a: null }, new Row(1), false, true],
  [{ "b.a": null }, { b: new Row(1) }, false, true],
  [{ "b.a": { $gte: 1 } }, { b: [new Row(0), new Row(1)] }, true, true],
  [{ a: 1 }, throwing("a"), "throws", "throws"],
  [{ a: { $exists: true } }, throwing("a"), true, true],
  [{ b: 2, a: 1 }, throwing("a", { b: 1 }), false, false],
  [{ a: 1 }, throwing("b", { a: 1 }), true, true],
  [{ "b.c": 1 }, { b: throwing("d", { c: 1 }) }, true, true],
  // functions
  [{ a: { $exists: true } }, { a: () => 1 }, true, true],
  [{ a: { $gt: "(" } }, { a: () => 1 }, true, true],
  [{ "b.a": 1 }, { b: Object.assign(() => 1, { a: 1 }) }, false, false],
  [{ "b.a": { $gt: "(" } }, { b: () => 1 }, true, false],
  [{ "b.constructor": { $gt: "f" } }, { b: {} }, true, true],
  // regular expressions
  [{ a: "abc" }, { a: /b/ }, false, true],
  [{ a: { $in: ["abc"] } }, { a: [/b/g] }, false, true],
  [{ a: { $regex: "b" } }, { a: /b/ }, false, false],
  [{ a: { $gt: "/a" } }, { a: /b/ }, true, true],
  // no prototype, frozen, a loop
  [{ a: 1 }, bare({ a: 1 }), true, true],
  [{ a: { $exists: true } }, bare({ a: 1 }), "throws", true],
  [{ "b.a": { $exists: true } }, { b: bare({ a: 1 }) }, "throws", true],
  [{ a: 1 }, Object.freeze({ a: 1 }), true, true],
  [{ "posts.author.name": "ann" }, circular(), true, true],
  [{ "posts.comments.by.posts.title": { $in: ["x"] } }, circular(), true, true],
  [{ posts: { $elemMatch: { "author.name": "ann", title: { $ne: "y" } } } }, circular(), true, true],
  [{ "posts.0.title": "x" }, circular(), true, true],
  [{ "posts.-1.title": "x" }, circular(), false, false],
  [{ posts: { $size: 1 } }, circular(), true, true],
  // a record that is a list
  [{ a: null }, [], false, false],
  [{ a: 1 }, [{ a: 1 }], true, true],
  // lists
  [{ a: { $lt: 5 } }, { a: holes(2) }, false, false],
  [{ a: { $lt: 5 } }, { a: [undefined] }, true, true],
  [{ "a.b": 1 }, { a: [{ b: 1 }, , { b: 2 }] }, "throws", "throws"],
  [{ "a.length": 2 }, { a: [[1, 2], [3]] }, true, true],
  [{ "a.length": 2 }, { a: [1, 2] }, false, false],
  [{ "a.length": { $exists: true } }, { a: "text" }, true, true],
  [{ a: { $elemMatch: { $elemMatch: { x: 1 } } } }, { a: [[{ x: 1 }]] }, true, true],
  [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [[0], [2]] }, true, true],
];

const CASL7 = (rules) => ({ system: "casl", payloads: { e: rules } });
const CASL6 = (policies) => ({ system: "open-archiver", payloads: { roles: [{ id: "r", name: "r", policies }], users: [{ id: "e", email: "e@example.org", roles: ["r"] }] } });
const EFFECT = new Map([
  [true, "allow"],
  [false, "deny"],
  ["throws", "error"],
]);

test("records beyond JSON, in full and by plan, in both builds", () => {
  let compared = 0;
  for (const [conditions, record, six, seven] of CASES) {
    for (const [system, expected] of [[CASL6, six], [CASL7, seven]]) {
      const snapshot = system([{ action: "read", subject: "T", conditions }]);
      for (const policy of [loadPolicy(snapshot), small.loadPolicy(compile(snapshot))]) {
        const user = policy.principal("e");
        const about = `${system.name} ${JSON.stringify(conditions)}, case ${CASES.findIndex((one) => one[0] === conditions)}`;
        for (let turn = 0; turn < 2; turn++) {
          assert.equal(user.can("read", "T", record), expected === true, `can ${about}`);
          assert.equal(user.check("read", "T", record).effect, EFFECT.get(expected), `check ${about}`);
        }
        policy.free();
        compared++;
      }
    }
  }
  assert.ok(compared > 250, `${compared} compared`);
});

/** Bytes of text that are written down while something is done. */
function written(work) {
  const { encodeInto } = TextEncoder.prototype;
  let bytes = 0;
  TextEncoder.prototype.encodeInto = function (text, into) {
    const result = encodeInto.call(this, text, into);
    bytes += result.written;
    return result;
  };
  try {
    work();
  } finally {
    TextEncoder.prototype.encodeInto = encodeInto;
  }
  return bytes;
}

const SYSTEMS = {
  CASL7,
  CASL6,
  native: (rules) => ({ system: "latchgate", payloads: { combining: "additive", principals: [{ id: "e", type: "user", grants: rules.map(({ conditions }) => ({ actions: ["read"], resources: ["T"], conditions })) }] } }),
};

for (const [name, system] of Object.entries(SYSTEMS)) {
  test(`${name}: nothing is read but the paths that the question hangs on`, () => {
    const policy = loadPolicy(system([{ action: "read", subject: "T", conditions: { "owner.team.id": 7, status: "open", "parts.kind": { $in: ["x"] }, ...(name === "native" ? {} : { "parts.1.size": { $gt: 1 } }) } }]));
    const user = policy.principal("e");
    const touched = new Set();
    const spy = (value, path) =>
      typeof value !== "object" || value === null
        ? value
        : new Proxy(value, {
            get: (target, key) => {
              if (typeof key === "string") touched.add(`${path}${key}`);
              return spy(target[key], `${path}${String(key)}.`);
            },
            ownKeys: () => assert.fail("its keys are listed"),
          });
    const part = (size) => ({ kind: "x", size, secret: 1 });
    const owner = { team: { id: 7, members: ["secret"] }, name: "secret" };
    const record = { owner, status: "open", parts: [part(1), part(2)], body: "secret", other: { secret: 1 } };
    assert.equal(user.check("read", "T", spy(record, "")).effect, "allow");
    assert.equal(user.can("read", "T", spy(record, "")), true);
    // What an object says of itself is asked as the server asks it.
    const asked = /(^|\.)(toJSON|hasOwnProperty|constructor|length|valueOf|toString|then)$/;
    // The place of an item is a name like any other, and is looked for in the items too.
    const found = [...touched].filter((path) => !asked.test(path) && !/\d\.\d$/.test(path)).sort();
    const size = name === "native" ? [] : ["parts.1.size"];
    assert.deepEqual(found, [...(name === "native" ? ["id"] : []), "owner", "owner.team", "owner.team.id", "parts", "parts.0", "parts.0.kind", "parts.1", "parts.1.kind", ...size, "status"]);
  });

  test(`${name}: what crosses does not grow with what does not decide`, () => {
    const policy = loadPolicy(system([{ action: "read", subject: "T", conditions: { "owner.id": "u1", tags: { $in: ["a"] } } }]));
    const user = policy.principal("e");
    const lean = { owner: { id: "u1" }, tags: ["a", "b"] };
    const fat = { ...lean, owner: { ...lean.owner, bio: "x".repeat(5_000), friends: [lean] }, body: "y".repeat(5_000), rows: Array.from({ length: 100 }, (_, id) => ({ id })) };
    fat.self = fat;
    fat.owner.record = fat;
    user.check("read", "T", lean);
    const [less, more] = [lean, fat].map((record) => written(() => assert.equal(user.check("read", "T", record).effect, "allow")));
    assert.ok(less > 0);
    assert.equal(more, less);
    // Plain attributes do not even cross as text, once it is known that they are compared with nothing.
    const plain = loadPolicy(system([{ action: "read", subject: "T", conditions: { "owner.id": "u1" } }])).principal("e");
    plain.can("read", "T", fat);
    assert.equal(written(() => assert.equal(plain.can("read", "T", fat), true)), 0);
  });
}
