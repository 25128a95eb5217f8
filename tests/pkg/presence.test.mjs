// What decisions, handles and errors look like to whoever meets them: first whether it is allowed, in consoles, as JSON, across copies.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { inspect } from "node:util";
import * as latchgate from "latchgate";
import * as casl from "latchgate/casl";
import * as insight from "latchgate/insight";
import * as reader from "latchgate/reader";

const require = createRequire(import.meta.url);
const snapshot = {
  system: "latchgate",
  version: "7",
  payloads: { combining: "deny-overrides", roles: [{ key: "r", grants: [{ permissions: ["invoice:read"] }, { permissions: ["invoice:pay"], conditions: { owner: "u" } }] }], principals: [{ id: "u", roles: ["r"] }] },
};
const policy = latchgate.loadPolicy(snapshot);
const user = policy.principal("u");

test("a decision says first whether it is allowed, and whether for some records only", () => {
  const decisions = {
    read: user.check("invoice:read"),
    pay: user.check("invoice:pay"),
    "pay, any": user.checkAny("pay", "invoice"),
    "pay, one": user.check("pay", "invoice", { owner: "u" }),
    "pay, another": user.check("pay", "invoice", { owner: "x" }),
    sell: user.check("invoice:sell"),
    broken: user.check("pay", "invoice", null),
    unwritable: user.checkAny("pay\ud800", "invoice"),
    request: user.checkRequest("GET", "/"),
    decide: policy.decide({ principal: "u", ask: { kind: "permission", permission: "invoice:pay" } }),
    "decide, broken": policy.decide({}),
    "decide, unwritable": policy.decide({ principal: 7n, ask: { kind: "permission", permission: "x" } }),
  };
  for (const [name, decision] of Object.entries(decisions)) {
    assert.deepEqual(Object.keys(decision).slice(0, 3), ["allowed", "conditional", "effect"], name);
    assert.equal(decision.allowed, decision.effect === "allow", name);
    assert.match(inspect(decision), /^\{\n? *allowed: (true|false)/, name);
    assert.match(JSON.stringify(decision), /^\{"allowed":(true|false),/, name);
  }
  const conditional = Object.entries(decisions).filter(([, decision]) => decision.conditional).map(([name]) => name);
  assert.deepEqual(conditional, ["pay", "pay, any", "decide"]);
  assert.equal(user.can("invoice:pay"), true);
  assert.match(decisions.pay.message, /under a condition, for some records only/);
  assert.doesNotMatch(decisions["pay, one"].message, /under a condition/);
});

test("who asks is said by the principal and the context, not by the question", () => {
  const hantera = latchgate.loadPolicy({ system: "hantera", payloads: { roles: [{ key: "a:b", acl: { entries: [{ resource: "x", permission: "read" }] } }], principals: [{ id: "p", roles: ["a:b"] }] } });
  const decide = (context, more) => hantera.decide({ principal: "p", context, ask: { kind: "permission", permission: "x:read", ...more } });
  assert.equal(decide({ sessionScopes: "graph:read" }, { sessionScopes: ["x"] }).code, "invalid_question");
  assert.equal(decide({ sessionScopes: "graph:read" }, {}).code, "scope_not_granted");
  assert.equal(decide({}, { sessionScopes: "graph:read" }).code, "scope_not_granted");
  assert.equal(decide({}, { roles: ["system:owner"] }).code, "invalid_question");
  assert.equal(decide(undefined, { attributes: {} }).code, "invalid_question");
});

test("consoles, JSON and texts say what a handle stands for", () => {
  for (const [entry, ask] of [[latchgate, user], [insight, insight.loadPolicy(snapshot).principal("u")], [reader, reader.loadPolicy(latchgate.compile(snapshot)).principal("u")]]) {
    assert.match(inspect(ask), /^Principal \{\s+id: 'u',\s+permissions: \[ 'invoice:pay', 'invoice:read' \],\s+snapshot: \{ system: 'latchgate', version: '7' \}\s+\}$/);
    assert.equal(JSON.stringify(ask), '{"id":"u","permissions":["invoice:pay","invoice:read"],"snapshot":{"system":"latchgate","version":"7"}}');
    assert.match(`${ask}`, /^Principal \{"id":"u"/);
    const whole = entry.loadPolicy(latchgate.compile(snapshot));
    assert.match(inspect(whole), /^Policy \{\s+system: 'latchgate',/);
    assert.equal(JSON.parse(JSON.stringify(whole)).counts.principals, 1);
    assert.match(inspect({ deep: [whole, ask] }), /Policy|Principal/);
  }
  const freed = policy.principal("u");
  freed.free();
  assert.match(inspect(freed), /^Principal \{ freed: true/);
  const over = latchgate.loadPolicy(snapshot);
  over.free();
  assert.match(inspect(over), /^Policy \{/);
  assert.match(inspect(policy.principal(null)), /permissions: \[\]/);
});

/** Each with a class of its own. */
const COPIES = { latchgate, insight, reader, casl, "required latchgate": require("latchgate"), "required insight": require("latchgate/insight"), "required reader": require("latchgate/reader"), "required casl": require("latchgate/casl") };

test("an error of one entry is one of every other", () => {
  let compared = 0;
  for (const [from, { loadPolicy, createMongoAbility }] of Object.entries(COPIES)) {
    let error;
    try {
      if (loadPolicy !== undefined) loadPolicy(7);
      else createMongoAbility([{ action: "read", subject: "Post", fields: ["half\ud800"] }]).can("read", "Post");
    } catch (thrown) {
      error = thrown;
    }
    assert.ok(error !== undefined, from);
    for (const [to, { LatchgateError }] of Object.entries(COPIES)) {
      assert.ok(error instanceof LatchgateError, `${from} in ${to}`);
      assert.equal(LatchgateError.isLatchgateError(error), true);
      for (const other of [new Error("x"), null, undefined, 7, {}, { name: "LatchgateError", code: "ERR_ARGUMENT" }, JSON.parse('{"Symbol(latchgate.error)":true}')]) {
        assert.equal(other instanceof LatchgateError, false);
        assert.equal(LatchgateError.isLatchgateError(other), false);
      }
      class Special extends LatchgateError {}
      assert.equal(error instanceof Special, false);
      assert.ok(new Special("ERR_ARGUMENT", "x") instanceof LatchgateError && new Special("ERR_ARGUMENT", "x") instanceof Special);
      compared++;
    }
  }
  assert.equal(compared, 64);
});

test("what resource marks subject knows, and the other way round", () => {
  const { createMongoAbility, subject, detectSubjectType, trustedSubjectType } = casl;
  const rules = [{ action: "read", subject: "Post", conditions: { owner: "u" } }];
  const ability = createMongoAbility(rules);
  const one = latchgate.loadPolicy({ system: "casl", payloads: { u: rules } }).principal("u");
  const marked = latchgate.resource("Post", { owner: "u" });
  const ours = subject("Post", { owner: "u" });
  for (const record of [marked, ours]) {
    assert.equal(ability.can("read", record), true);
    assert.equal(one.can("read", record), true);
    assert.equal(detectSubjectType(record), "Post");
    assert.equal(trustedSubjectType(record), "Post");
    assert.equal(latchgate.resource("Post", subject("Post", record)), record);
  }
  assert.throws(() => subject("User", marked), /previously it was casted to Post/);
  assert.throws(() => latchgate.resource("User", ours), { code: "ERR_ARGUMENT" });
  // What a record says of itself is no mark for a policy, though it is one for CASL.
  const says = JSON.parse('{"__caslSubjectType__":"Post","owner":"u"}');
  assert.throws(() => one.can("read", says), { code: "ERR_ARGUMENT" });
  assert.equal(ability.can("read", says), true);
  assert.equal(createMongoAbility(rules, { detectSubjectType: trustedSubjectType }).can("read", says), false);
});

test("nobody is compiled for whom the snapshot does not know", () => {
  for (const source of [snapshot, { ...snapshot, expiresAt: "2020-01-01T00:00:00Z" }, latchgate.compile(snapshot)]) {
    assert.throws(() => latchgate.compile(source, { principal: "nobody" }), (error) => error.code === "ERR_ARGUMENT" && error.message.includes("`nobody`"));
    assert.throws(() => insight.compile(source, { principal: { id: "nobody" } }), { code: "ERR_ARGUMENT" });
    for (const principal of ["u", null, ["r"], { roles: ["r"] }, { id: "x", roles: [] }]) assert.ok(latchgate.compile(source, { principal }).length > 0);
  }
});
