// Every function that is exported and every method of every handle, with what it takes in an object: a name that nobody knows is refused
// there, with the name that was meant. What is exported and not in the table fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as latchgate from "latchgate";
import * as casl from "latchgate/casl";
import * as extra from "latchgate/casl/extra";
import * as insight from "latchgate/insight";
import * as insightSlim from "latchgate/insight/slim";
import * as reader from "latchgate/reader";
import * as readerSlim from "latchgate/reader/slim";
import * as slim from "latchgate/slim";

const CONTEXT = ["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "attributes", "now"];
const PAGE = ["limit", "cursor"];
const snapshot = {
  system: "latchgate",
  payloads: { combining: "deny-overrides", roles: [{ key: "r", grants: [{ permissions: ["doc:read"], conditions: { owner: "u" } }] }], principals: [{ id: "u", roles: ["r"] }] },
};
const policy = insight.loadPolicy(snapshot);
const user = policy.principal("u");
const filter = user.filter("read", "doc");
const bytes = latchgate.compile(snapshot);

/** Takes no object whose names are ours. */
const NONE = [];
/** Facts of a request and records have whatever names their authors choose. */
const DATA = NONE;

/** By the name of the function: calls that take an object, with the names that it knows. */
const FUNCTIONS = {
  loadPolicy: (entry) => [[(options) => entry.loadPolicy(bytes, options), ["recordType", "strict", "clock"]]],
  compile: (entry) => [
    [(only) => entry.compile(snapshot, { principal: "u", ...only }), ["principal", "context"]],
    [(context) => entry.compile(snapshot, { principal: "u", context }), CONTEXT],
  ],
  lint: () => NONE,
  findings: (entry) => [
    [(options) => entry.findings(snapshot, options), ["context", "sod", "edits"]],
    [(context) => entry.findings(snapshot, { context }), CONTEXT],
  ],
  edit: (entry) => {
    const request = { method: "GET", path: "/roles" };
    return [
      [(edit) => entry.edit(snapshot, { request, ...edit }), ["actor", "context", "request"]],
      [(context) => entry.edit(snapshot, { request, context }), [...CONTEXT, "id"]],
      [(more) => entry.edit(snapshot, [{ request: { ...request, ...more } }]), ["method", "path", "query", "headers", "body"]],
    ];
  },
  init: () => NONE,
  initSync: () => NONE,
  imports: () => NONE,
  version: () => NONE,
  resource: () => DATA,
  LatchgateError: () => NONE,
};
/** CASL's API takes what CASL takes: options that it passes over are passed over here. */
const CASL = [...Object.keys(casl), ...Object.keys(extra)];

const METHODS = {
  Policy: {
    principal: [[(context) => policy.principal("u", context), CONTEXT]],
    slice: [[(context) => policy.slice("u", context), CONTEXT]],
    list: [[(params) => policy.list("principals", params), NONE, "ERR_ARGUMENT"]],
    who: [
      [(options) => policy.who("doc:read", options), ["context", "names", ...PAGE]],
      [(context) => policy.who("doc:read", { context }), CONTEXT],
      [(asked) => policy.who({ action: "read", type: "doc", ...asked }), ["action", "type", "record", "field"]],
    ],
    diff: [
      [(options) => policy.diff(policy, options), ["context", ...PAGE]],
      [(context) => policy.diff(policy, { context }), CONTEXT],
    ],
    digest: [
      [(options) => policy.digest(options), ["context"]],
      [(context) => policy.digest({ context }), CONTEXT],
    ],
    decide: [
      [(question) => decided({ ask: { kind: "permission", permission: "doc:read" }, principal: "u", ...question }), ["principal", "ask", "context"], "invalid_question"],
      [(context) => decided({ ask: { kind: "permission", permission: "doc:read" }, principal: "u", context }), CONTEXT, "invalid_question"],
      [(ask) => decided({ principal: "u", ask: { kind: "permission", permission: "doc:read", ...ask } }), ["permission", "tenant", "sessionScopes", "legalEntityId"], "invalid_question"],
    ],
    permission: NONE, permissions: NONE, compiled: NONE, layout: NONE, free: NONE, toJSON: NONE, toString: NONE,
  },
  Principal: {
    list: [[(page) => user.list(page), ["names", ...PAGE]]],
    why: [[(asked) => user.why({ action: "read", type: "doc", ...asked }), ["action", "type", "record", "field"]]],
    suggest: [
      [(page) => user.suggest("doc:read", page), PAGE],
      [(asked) => user.suggest({ action: "read", type: "doc", ...asked }), ["action", "type", "record", "field"]],
    ],
    can: DATA, check: DATA, canRequest: DATA, checkRequest: DATA, resources: DATA,
    canAny: NONE, canMany: NONE, canAll: NONE, canSome: NONE, checkAny: NONE, filter: NONE, permissions: NONE, grants: NONE, digest: NONE, free: NONE,
    toJSON: NONE, toString: NONE, facts: NONE, forget: NONE,
  },
  Filter: {
    toSql: [
      [(options) => filter.toSql({ dialect: "sqlite", columns: { owner: "owner", id: "id" }, ...options }), ["dialect", "columns", "firstParameter"]],
      [(column) => filter.toSql({ dialect: "sqlite", columns: { id: "id", owner: { column: "owner", ...column } } }), ["column", "table", "type", "null"]],
    ],
    test: DATA, toMongo: NONE, free: NONE, toJSON: NONE, toString: NONE,
  },
};

/** A question's mistakes are answers: they are thrown here, to be seen like all others. */
function decided(question) {
  const decision = policy.decide(question);
  if (decision.effect === "error") throw Object.assign(new Error(decision.message), { code: decision.code });
  return decision;
}

/** A letter less, a letter twice, another case. */
const misspelt = (name) => [name.slice(0, -1), `${name}${name.at(-1)}`, name[0].toUpperCase() + name.slice(1)].filter((one) => one !== name);

let refused = 0;
let named = 0;
function look(title, calls) {
  for (const [call, known, code = "ERR_ARGUMENT"] of calls) {
    const wrong = [...known.flatMap((name) => misspelt(name).filter((one) => !known.includes(one)).map((one) => [one, name])), ...(code === "invalid_question" ? [] : [["nobodyKnowsThis", undefined]])];
    for (const [key, meant] of wrong) {
      for (const value of [undefined, null, "text", {}]) {
        // What is not there is not there, where the core is only told what is.
        if (value === undefined && /decide|edit|findings|toSql|Policy\.list/.test(title)) continue;
        let error;
        try {
          call({ [key]: value });
        } catch (thrown) {
          error = thrown;
        }
        assert.equal(error?.code, code, `${title}: \`${key}\` (for \`${meant}\`) ${value === undefined ? "undefined" : JSON.stringify(value)}: ${error?.message ?? "is passed over"}`);
        refused++;
        if (meant !== undefined && error.message.includes(`did you mean \`${meant}\``)) named++;
      }
    }
    for (const value of code === "invalid_question" || title.endsWith("decide") || known.length === 0 ? [] : ["text", 7, true, ["text"]]) {
      const direct = () => call(value);
      // Calls that spread it make no difference between a text and nothing.
      if (!/^\(\w+\) => [\w.]+\([^{]*\)$|\{ context \}\)$/.test(`${call}`)) continue;
      assert.throws(direct, { code: "ERR_ARGUMENT" }, `${title}: ${JSON.stringify(value)} in place of an object`);
      refused++;
    }
  }
}

test("every exported function is in the table, and refuses names that nobody knows", () => {
  let functions = 0;
  for (const [place, entry] of Object.entries({ latchgate, slim, reader, readerSlim, insight, insightSlim })) {
    for (const [name, value] of Object.entries(entry)) {
      assert.equal(typeof value, "function", `${place}.${name}`);
      assert.ok(name in FUNCTIONS, `${place}.${name} is exported, and no test knows what it takes`);
      functions++;
      // A build without WebAssembly of its own has not been given any here.
      if (place.endsWith("lim")) continue;
      look(`${place}.${name}`, FUNCTIONS[name](entry));
    }
  }
  console.log(`exported functions: ${functions}`);
  assert.ok(functions > 30);
  assert.ok(CASL.length > 15);
});

test("every method of every handle is in the table, and refuses names that nobody knows", () => {
  let methods = 0;
  for (const [title, handle] of Object.entries({ Policy: policy, Principal: user, Filter: filter })) {
    for (let at = Object.getPrototypeOf(handle); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Object.getOwnPropertyNames(at)) {
        const { value } = Object.getOwnPropertyDescriptor(at, name);
        if (name === "constructor" || typeof value !== "function" || INNER.includes(name)) continue;
        assert.ok(name in METHODS[title], `${title}.${name} is a method, and no test knows what it takes`);
        methods++;
      }
    }
    for (const [name, calls] of Object.entries(METHODS[title])) look(`${title}.${name}`, calls);
  }
  console.log(`methods: ${methods}; names refused: ${refused}, ${named} with the name that was meant`);
  assert.ok(methods > 40 && refused > 500 && named > refused * 0.7, `${methods} ${refused} ${named}`);
});

/** For what is built on a handle. */
const INNER = ["ready", "encode", "core", "readsOf"];

test("what each knows is taken", () => {
  for (const key of CONTEXT) policy.principal("u", { [key]: undefined });
  policy.principal("u", { now: new Date(0) }).free();
  policy.who("doc:read", { context: undefined, limit: undefined, cursor: undefined, names: undefined });
  user.list({});
  policy.decide({ id: 7, system: "x", expected: "allow", note: "", principal: "u", ask: { kind: "permission", permission: "doc:read" }, context: undefined });
});
