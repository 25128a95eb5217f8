// The JSON Schema and the engine agree on what a native snapshot is: thousands of snapshots, and each of them with one thing
// changed at every place.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import { LatchgateError, loadPolicy } from "latchgate";
import { random, snapshot } from "./generator.mjs";
import { mutate } from "./mutations.mjs";

const SNAPSHOTS = 2_000;
const file = new URL("../../schema/latchgate-snapshot.schema.json", import.meta.url);
const schema = JSON.parse(readFileSync(file, "utf8"));
const ajv = new Ajv2020({ strict: true, strictTypes: true, strictTuples: true });
const accepts = ajv.compile(schema);

/** What a schema cannot see. */
const BEYOND_A_SCHEMA = /^ERR_(ID_DUPLICATE|CYCLE|NUMBER_RANGE|TEXT_NUL|TOO_[A-Z]+)$/;

/** The engine's refusal, or nothing. Without stack traces: writing them would take most of the time. */
function refusal(source) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    loadPolicy(source).free();
    return undefined;
  } catch (error) {
    if (!(error instanceof LatchgateError)) throw error;
    return error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Whether the engine stopped at a time that looks like one, on a day that no calendar has. */
function atNoSuchDay(root, { code, path }) {
  if (code !== "ERR_VALUE") return false;
  const steps = path.match(/[^.[\]$"]+/g) ?? [];
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)[T ]/i.exec(steps.reduce((value, step) => value?.[step], root)) ?? [];
  if (year === undefined) return false;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCDate() !== Number(day);
}

const counts = new Map();
const codes = new Map();

/** Both accept it, both refuse it, or the engine alone refuses it for a reason that a schema cannot express. */
function compare(kind, root) {
  const text = JSON.stringify(root);
  const valid = accepts(root);
  const error = refusal(text);
  let outcome = valid ? "accepted" : "refused";
  if (valid && error && (BEYOND_A_SCHEMA.test(error.code) || atNoSuchDay(root, error))) outcome = "beyond";
  else if (valid !== (error === undefined)) {
    assert.fail(`${kind}: the schema says ${valid ? "valid" : ajv.errorsText(accepts.errors)}, the engine says ${error ? `${error.code} ${error.message}` : "valid"}:\n${text}`);
  }
  const count = counts.get(kind) ?? { accepted: 0, refused: 0, beyond: 0 };
  count[outcome]++;
  counts.set(kind, count);
  if (error) codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
}

test(`${SNAPSHOTS} snapshots, and each with one thing changed at every place`, (t) => {
  for (let seed = 0; seed < SNAPSHOTS; seed++) {
    const root = snapshot(seed);
    const before = JSON.stringify(root);
    compare("unchanged", root);
    mutate(root, random(~seed), compare);
    assert.equal(JSON.stringify(root), before, "a change was not taken back");
  }
  for (const [kind, { accepted, refused, beyond }] of counts) t.diagnostic(`${kind}: ${accepted} accepted, ${refused} refused by both, ${beyond} by the engine alone`);
  t.diagnostic(`refusals: ${[...codes].map(([code, count]) => `${code} ${count}`).join(", ")}`);

  assert.deepEqual(counts.get("unchanged"), { accepted: SNAPSHOTS, refused: 0, beyond: 0 });
  const total = (outcome, ...kinds) => {
    for (const kind of kinds) assert.ok(counts.get(kind)?.[outcome] > 0, `${kind}: none was ${outcome}`);
  };
  total("refused", "null", "wrong type", "missing", "unknown field", "field of another object", "empty text", "empty list", "empty object", "item of another type");
  total("refused", "bad enum value", "other enum value", "bad time", "pattern", "path", "method", "literal", "object for a text", "wrong number", "number beyond 2^53", "transplant", "U+0000");
  total("accepted", "null", "wrong type", "missing", "field of another object", "empty text", "empty list", "empty object", "item of another type");
  total("accepted", "other enum value", "other time", "pattern", "path", "method", "literal", "object for a text", "wrong number", "repeated item", "transplant");
  total("beyond", "repeated item", "number beyond 2^53", "U+0000", "no such day");
  for (const kind of ["bad enum value", "bad time"]) assert.deepEqual({ ...counts.get(kind), refused: 0 }, { accepted: 0, refused: 0, beyond: 0 }, kind);
  for (const code of ["TYPE", "VALUE", "FIELD_MISSING", "FIELD_UNKNOWN", "FORMAT_UNKNOWN", "SYSTEM_UNKNOWN", "PAYLOAD_EMPTY", "GRANT_DENY", "CONDITION", "PATTERN"]) {
    assert.ok(codes.get(`ERR_${code}`) > 0, `nothing was refused as ERR_${code}`);
  }
});

test("what only the engine can see, it refuses", () => {
  const native = (payloads) => ({ system: "latchgate", payloads: { combining: "deny-overrides", ...payloads } });
  const role = (key, ...inherits) => ({ key, inherits });
  const nested = (levels) => (levels === 0 ? 1 : [nested(levels - 1)]);
  const names = Array.from({ length: 2_001 }, (_, index) => `n${index}`);
  const cases = {
    ERR_ID_DUPLICATE: [
      native({ roles: [role("a"), role("a")] }),
      native({ permissions: [{ name: "a:b" }, { name: "a:b", system: true }] }),
      native({ resources: [{ type: "a", id: "b/c" }, { type: "a/b", id: "c" }] }),
    ],
    ERR_CYCLE: [
      native({ roles: [role("a", "b"), role("b", "a")] }),
      native({ groups: [{ id: "a", memberOf: ["a"] }] }),
      native({ tenants: [{ id: "a", parent: "b" }, { id: "b", parent: "a" }] }),
      native({ resources: [{ type: "a", id: "1", parent: { type: "a", id: "1" } }] }),
    ],
    ERR_TOO_DEEP: [native({ principals: [{ id: "u", attributes: { deep: nested(70) } }] })],
    ERR_TOO_MANY: [native({ principals: [{ id: "u", grants: [{ actions: names, resources: names }] }] })],
    ERR_NUMBER_RANGE: [native({ principals: [{ id: "u", attributes: { n: 2 ** 53 } }] })],
    ERR_TEXT_NUL: [native({ roles: [role("a\0")] })],
    ERR_VALUE: [native({ principals: [{ id: "u", validFrom: "2026-02-29T00:00:00Z" }] })],
  };
  for (const [code, snapshots] of Object.entries(cases)) {
    for (const source of snapshots) {
      assert.ok(accepts(source), `${code}: ${ajv.errorsText(accepts.errors)}`);
      assert.equal(refusal(source)?.code, code);
    }
  }
});

const grantOf = (grant, combining = "deny-overrides") => ({ system: "latchgate", payloads: { combining, principals: [{ id: "u", grants: [grant] }] } });

test("what the page on the format forbids, both refuse", () => {
  const endpoint = (requires) => ({ system: "latchgate", payloads: { combining: "additive", endpoints: [{ method: "GET", path: "/", requires }] } });
  const refused = [
    grantOf({}),
    grantOf({ resources: ["a"] }),
    grantOf({ permissions: ["a:b"], actions: ["a"] }),
    grantOf({ permissions: ["a:b"], resources: ["a"] }),
    grantOf({ actions: ["a"], fields: [] }),
    grantOf({ actions: ["a"], effect: "deny" }, "additive"),
    ...["", ":", "a:", ":a", "a::b", "/a:b", "a//b:c"].map((pattern) => grantOf({ permissions: [pattern] })),
    ...["$where", "$not", "$or"].map((operator) => grantOf({ actions: ["a"], conditions: { x: { [operator]: 1 } } })),
    grantOf({ actions: ["a"], conditions: { x: { $eq: 1, y: 2 } } }),
    grantOf({ actions: ["a"], conditions: { $and: [] } }),
    endpoint({}),
    endpoint({ anyOf: [], none: true }),
    endpoint({ authenticated: false }),
    endpoint({ authenticated: true, none: false }),
    endpoint({ action: "a", subject: "b" }),
  ];
  for (const source of refused) {
    assert.equal(accepts(source), false, JSON.stringify(source));
    assert.ok(refusal(source), JSON.stringify(source));
  }
});

test("N18 names no $regex and no $options", () => {
  for (const conditions of [{ x: { $regex: "^a" } }, { x: { $regex: "^a", $options: "i" } }, { x: { $elemMatch: { $regex: "a" } } }]) {
    const source = grantOf({ actions: ["a"], conditions });
    assert.equal(accepts(source), false);
    assert.equal(refusal(source)?.code, "ERR_CONDITION");
  }
});

test("N19: a placeholder stands for something, and may stand for a list", () => {
  for (const conditions of [{ x: "${principal.id}" }, { x: { $in: "${principal.attributes.regions}" } }, { x: { $in: ["${principal.tenant}"] } }, { x: "${" }]) {
    assert.equal(accepts(grantOf({ actions: ["a"], conditions })), true);
    assert.equal(refusal(grantOf({ actions: ["a"], conditions })), undefined);
  }
  for (const conditions of [{ x: "${principal.email}" }, { x: { $ne: "${user.id}" } }, { x: { $in: ["${principal.attributes.}"] } }, { x: { $in: "sales" } }, { x: { $eq: [["${}"]] } }]) {
    assert.equal(accepts(grantOf({ actions: ["a"], conditions })), false);
    assert.equal(refusal(grantOf({ actions: ["a"], conditions }))?.code, "ERR_CONDITION");
  }
});

test("the example of docs/reference/native-snapshot.md is one", () => {
  const page = readFileSync(new URL("../../docs/reference/native-snapshot.md", import.meta.url), "utf8");
  const example = /```jsonc\n([^]*?)```/.exec(page)[1].replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
  const source = JSON.parse(example);
  assert.ok(accepts(source), ajv.errorsText(accepts.errors));
  assert.equal(refusal(source), undefined);
});

test("an editor has something to say about every field and every object", () => {
  let fields = 0;
  const walk = (at, path) => {
    for (const [name, field] of Object.entries(at.properties ?? {})) {
      if (/\/(if|then|else)$/.test(path)) continue;
      const said = field.description ?? schema.$defs[field.$ref?.split("/").at(-1)]?.description;
      assert.ok(said, `${path}/${name}`);
      fields++;
    }
    for (const [key, inner] of Object.entries(at)) if (typeof inner === "object" && inner !== null) walk(inner, `${path}/${key}`);
  };
  walk(schema, "#");
  assert.ok(fields > 80);
  for (const [name, { title, description }] of Object.entries(schema.$defs)) assert.ok(title && description, name);
});

test("the package carries this schema", () => {
  const packed = fileURLToPath(import.meta.resolve("latchgate/schema.json"));
  assert.equal(readFileSync(packed, "utf8"), readFileSync(file, "utf8"), "pkg/schema is not up to date: npm run build");
});
