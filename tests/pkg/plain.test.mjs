// Objects that a program gives are read exactly: what JSON has no word for is refused, with its code and its place. Left out, it would be
// lost without a word, and with it a condition, or a whole deny.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import * as latchgate from "latchgate";
import * as insight from "latchgate/insight";

class Owner {
  name = "ann";
}
const loop = {};
loop.self = loop;
const sparse = ["a", , "b"];
const named = Object.assign(["a"], { owner: "ann" });

/** What no JSON text could hold. */
const STRANGERS = {
  undefined: undefined,
  "a function": () => "ann",
  "a symbol": Symbol("ann"),
  "a regular expression": /^ann/,
  NaN: NaN,
  Infinity: -Infinity,
  "a bigint": 7n,
  "a date": new Date(0),
  "a map": new Map([["a", 1]]),
  "a set": new Set(["a"]),
  "bytes": new Uint8Array(2),
  "an object of a class": new Owner(),
  "an object with toJSON": { toJSON: () => "ann" },
  "a boxed text": new String("ann"),
  "a promise": Promise.resolve("ann"),
  "an error": new Error("ann"),
  "a list with a gap": sparse,
  "a list with a name": named,
  "half a surrogate pair": "\ud800",
  "a key with half of one": { "\udc00": 1 },
  "a loop": loop,
  "a getter that throws": { get owner() { throw new Error("not loaded"); } },
  "a getter of nothing": { get owner() { return undefined; } },
  "an object that inherits": Object.create({ owner: "ann" }),
  "a proxy that throws": new Proxy({}, { ownKeys() { throw new Error("no"); } }),
  "a key that is a symbol": { [Symbol("x")]: 1 },
};

/** Where such a value may stand: what reads it, and its place as the error has to name it. */
const native = (conditions, more = {}) => ({ system: "latchgate", payloads: { combining: "deny-overrides", roles: [{ key: "r", grants: [{ actions: ["read"], resources: ["doc"], conditions }, ...(more.grants ?? [])] }], principals: [{ id: "u", roles: ["r"], ...more.principal }] } });
const plain = native({ owner: "u" });
const policy = insight.loadPolicy(plain);
const hantera = latchgate.loadPolicy({ system: "hantera", payloads: { roles: [{ key: "a:b", acl: { entries: [{ resource: "x", permission: "read" }] } }], principals: [{ id: "p", roles: ["a:b"] }] } });
const edit = (more) => ({ request: { method: "PUT", path: "/roles/r", ...more } });
const asked = (ask) => {
  const decision = policy.decide({ principal: "u", ask });
  assert.equal(decision.allowed, false);
  throw Object.assign(new Error(decision.message), { code: decision.code, path: / at `([^`]+)`$/.exec(decision.message)?.[1] });
};
const PLACES = {
  "a condition of a snapshot": [(value) => latchgate.loadPolicy(native({ owner: value })), "$.payloads.roles[0].grants[0].conditions.owner"],
  "a condition in a list": [(value) => latchgate.loadPolicy(native({ owner: { $in: ["x", value] } })), "$.payloads.roles[0].grants[0].conditions.owner[\"$in\"][1]"],
  "a member of a grant": [(value) => latchgate.loadPolicy(native({}, { grants: [{ actions: ["read"], resources: value }] })), "$.payloads.roles[0].grants[1].resources"],
  "an attribute of a snapshot": [(value) => latchgate.loadPolicy(native({}, { principal: { attributes: { "a b": value } } })), '$.payloads.principals[0].attributes["a b"]'],
  "the envelope": [(value) => latchgate.loadPolicy({ ...plain, tenant: value }), "$.tenant"],
  "a snapshot of insight": [(value) => insight.lint({ system: "casl", payloads: { u: [{ action: "read", subject: "doc", inverted: true, conditions: value }] } }), "$.payloads.u[0].conditions"],
  "a snapshot to be compiled": [(value) => latchgate.compile({ system: "casl", payloads: { u: [{ action: "read", subject: "doc", fields: value }] } }), "$.payloads.u[0].fields"],
  "a snapshot to be edited": [(value) => insight.edit(native({ owner: value }), edit()), "$.payloads.roles[0].grants[0].conditions.owner"],
  "the body of an edit": [(value) => insight.edit(plain, edit({ body: { grants: [{ permissions: ["doc:read"], conditions: value }] } })), "$.request.body.grants[0].conditions"],
  "one of several edits": [(value) => insight.edit(plain, [edit({ body: {} }), edit({ query: { a: value } })]), "$[1].request.query.a"],
  "the actor of an edit": [(value) => insight.edit(plain, { actor: { id: value }, ...edit() }), "$.actor.id"],
  "an option of findings": [(value) => insight.findings(plain, { context: { attributes: { a: value } } }), "$.context.attributes.a"],
  "claims": [(value) => hantera.principal({ sub: "p", scope: value }), "$.principal.scope"],
  "a list of roles": [(value) => hantera.principal(["a:b", value]), "$.principal[1]"],
  "claims of a slice": [(value) => hantera.slice({ sub: "p", scope: value }), "$.principal.scope"],
  "an attribute of the context": [(value) => policy.principal("u", { attributes: { dep: value } }), "$.context.attributes.dep"],
  "session scopes": [(value) => hantera.principal("p", { sessionScopes: ["x", value] }), "$.context.sessionScopes[1]"],
  "the context of who": [(value) => policy.who("doc:read", { context: { attributes: { dep: value } } }), "$.context.attributes.dep"],
  "parameters of a list": [(value) => policy.list("roles", { a: { b: value } }), "$.a.b"],
  "a column": [(value) => policy.principal("u").filter("read", "doc").toSql({ dialect: "sqlite", columns: { owner: { column: value } } }), "$.columns.owner.column"],
  "a record of decide": [(value) => asked({ kind: "instance", action: "read", subject: "doc", object: { owner: value } }), "$.ask.object.owner", "invalid_question"],
  "a record's list": [(value) => asked({ kind: "instance", action: "read", subject: "doc", object: { tags: [{ owner: value }] } }), "$.ask.object.tags[0].owner", "invalid_question"],
  "facts of a request": [(value) => asked({ kind: "route", method: "GET", path: "/", attributes: { resource: { id: value } } }), "$.ask.attributes.resource.id", "invalid_question"],
  "a permission of several": [(value) => asked({ kind: "permission", allOf: ["doc:read", value] }), "$.ask.allOf[1]", "invalid_question"],
};

test("what is no plain data is refused wherever it stands, with its place", () => {
  let refused = 0;
  for (const [place, [read, path, code = "ERR_ARGUMENT"]] of Object.entries(PLACES)) {
    for (const [what, value] of Object.entries(STRANGERS)) {
      // Of a column it is not said.
      if (what === "undefined" && place === "a column") continue;
      // Symbols as keys carry nothing into a question.
      if (what === "a key that is a symbol" && !/snapshot|condition|grant|envelope|edit|option/.test(place)) continue;
      let error;
      try {
        read(value);
      } catch (thrown) {
        error = thrown;
      }
      assert.equal(error?.code, code, `${what} as ${place}: ${error ?? "was taken"}`);
      const inside = error.path?.startsWith(path) || /throws/.test(what);
      assert.ok(inside, `${what} as ${place}: said to be at ${error.path}, not at ${path}`);
      if (code === "ERR_ARGUMENT") assert.ok(latchgate.LatchgateError.isLatchgateError(error), `${what} as ${place}`);
      refused++;
    }
  }
  console.log(`no plain data: ${refused} refused in ${Object.keys(PLACES).length} places`);
  assert.ok(refused > 500);
});

test("what JSON has a word for is taken, from whichever realm it comes", () => {
  const text = JSON.stringify(native({ owner: "u", n: { $in: [1, -0.5, 1e-21, true, null, "ünï 💡"] } }, { principal: { attributes: { __proto__x: [], deep: { a: {} } } } }));
  const bytes = latchgate.compile(text);
  const proxied = (value) => (typeof value === "object" && value !== null ? new Proxy(value, { get: (of, key) => proxied(of[key]) }) : value);
  const getters = (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const copy = Object.create(null);
    for (const [key, member] of Object.entries(value)) Object.defineProperty(copy, key, { enumerable: true, get: () => getters(member) });
    return copy;
  };
  const forms = { parsed: JSON.parse(text), cloned: structuredClone(JSON.parse(text)), frozen: Object.freeze(JSON.parse(text)), "of another realm": runInNewContext(`(${text})`), "with getters": getters(JSON.parse(text)), "behind a proxy": proxied(JSON.parse(text)) };
  for (const [what, form] of Object.entries(forms)) assert.deepEqual(latchgate.compile(form), bytes, what);
});

test("a key such as __proto__ is a key like any other", () => {
  const text = '{"system":"latchgate","payloads":{"combining":"additive","roles":[{"key":"__proto__","grants":[{"permissions":["a:b"],"conditions":{"__proto__":"x"}}]}],"principals":[{"id":"u","roles":["__proto__"]}]}}';
  assert.deepEqual(latchgate.compile(JSON.parse(text)), latchgate.compile(text));
});

test("hosts that give every list and object a toJSON change nothing", () => {
  const text = JSON.stringify(plain);
  const bytes = latchgate.compile(text);
  const { toJSON } = Date.prototype;
  for (const prototype of [Array.prototype, Object.prototype, String.prototype, Number.prototype]) {
    Object.defineProperty(prototype, "toJSON", { value: () => "hosted", configurable: true, enumerable: false });
    try {
      assert.deepEqual(latchgate.compile(JSON.parse(text)), bytes);
      assert.equal(insight.edit(JSON.parse(text), { request: { method: "DELETE", path: "/roles/nobody" } }).code, "EDIT_NOT_FOUND");
      assert.equal(policy.decide({ principal: "u", ask: { kind: "instance", action: "read", subject: "doc", object: { owner: "u" } } }).allowed, true);
      assert.equal(policy.principal({ id: "u", roles: ["r"] }).canAny("read", "doc"), true);
    } finally {
      delete prototype.toJSON;
    }
  }
  assert.equal(Date.prototype.toJSON, toJSON);
});

test("members that are declared to be optional may be undefined", () => {
  policy.principal("u", { tenant: undefined, sessionScopes: undefined, now: undefined }).free();
  assert.equal(policy.decide({ principal: "u", context: { now: undefined }, ask: { kind: "instance", action: "read", subject: "doc", object: { owner: "u" }, field: undefined } }).allowed, true);
  assert.equal(policy.decide({ principal: "u", ask: { kind: "route", method: "GET", path: "/", attributes: undefined } }).code, "unknown_route");
  assert.equal(policy.principal("u").checkRequest("GET", "/", { principal: undefined, resource: undefined }).code, "unknown_route");
  assert.equal(insight.edit(plain, { context: undefined, request: { method: "DELETE", path: "/roles/x", query: undefined, headers: undefined } }).ok, false);
});

test("a time may be a Date where a time is asked for", () => {
  const timed = latchgate.loadPolicy({ ...plain, expiresAt: "2026-06-01T00:00:00Z" }, { clock: () => 0 });
  const code = (now) => timed.principal("u", { now }).check("doc:read").code;
  assert.equal(code(new Date("2026-05-31T23:59:59Z")), "granted");
  assert.equal(code(new Date("2026-06-01T00:00:00Z")), "snapshot_expired");
  assert.equal(code(runInNewContext('new Date("2026-06-01T00:00:00Z")')), "snapshot_expired");
  assert.throws(() => timed.principal("u", { now: new Date(NaN) }), { code: "ERR_ARGUMENT" });
});
