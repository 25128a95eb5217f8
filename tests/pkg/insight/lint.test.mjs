import assert from "node:assert/strict";
import { test } from "node:test";
import { createMongoAbility } from "latchgate/casl";
import { permittedFieldsOf } from "latchgate/casl/extra";
import { compile, LatchgateError, lint, loadPolicy } from "latchgate/insight";

const rules = (...more) => ({ system: "casl", payloads: { me: [{ action: "read", subject: "Post" }, ...more] } });
const TRAP = rules({ action: "read", subject: "Post", inverted: true, conditions: { tags: ["secret"] } }, { action: "update", subject: "Post", conditions: { mine: true } });

test("lint: what is wrong, in the order of the snapshot, from an object, a text or bytes", () => {
  const found = lint(TRAP);
  assert.deepEqual(found.map(({ message, ...rest }) => rest), [
    { code: "LINT_IDENTITY", path: "$.payloads.me[1].conditions.tags", severity: "fails-open", rule: "casl 1.12 #10" },
    { code: "LINT_TYPE_QUESTION", path: "$.payloads.me[2].conditions", severity: "surprise", rule: "casl 1.12 #5" },
  ]);
  assert.ok(found.every(({ message }) => message.length > 20));
  assert.deepEqual(lint(JSON.stringify(TRAP)), found);
  assert.deepEqual(lint(new TextEncoder().encode(JSON.stringify(TRAP))), found);
  assert.deepEqual(lint(rules()), []);
  // What the finding says is so.
  const policy = loadPolicy(TRAP);
  assert.equal(policy.principal("me").can("read", "Post", { tags: ["secret"] }), true);
});

// No question to a policy has a list of fields for its answer, so tests/lint.rs cannot prove this one.
test("lint: a deny of a field pattern takes nothing out of permitted fields, a deny of a field does", () => {
  const denying = (field) => [{ action: "read", subject: "Post" }, { action: "read", subject: "Post", inverted: true, fields: [field] }];
  const codes = (list) => lint({ system: "casl", payloads: { me: list } }).map(({ code, path }) => `${code} ${path}`);
  const permitted = (list) => permittedFieldsOf(createMongoAbility(list), "read", "Post", { fieldsFrom: ({ fields }) => fields ?? ["title", "secrets"] });
  assert.ok(codes(denying("secret*")).includes("LINT_FIELD_PATTERN $.payloads.me[1].fields"));
  assert.deepEqual(permitted(denying("secret*")), ["title", "secrets"]);
  assert.deepEqual(codes(denying("secrets")), ["LINT_FIELDS $.payloads.me[1].fields"]);
  assert.deepEqual(permitted(denying("secrets")), ["title"]);
});

test("strict: refuses what fails open, with everything that was found; the rest loads as ever", () => {
  const refused = (source) => assert.throws(() => loadPolicy(source, { strict: true }), (error) => {
    assert.ok(error instanceof LatchgateError);
    assert.equal(error.code, "ERR_STRICT");
    assert.equal(error.path, "$.payloads.me[1].conditions.tags");
    assert.match(error.message, /^refused by a strict load: .* at `\$\.payloads\.me\[1\]\.conditions\.tags`$/);
    assert.deepEqual(error.lints, lint(TRAP));
    return true;
  });
  refused(TRAP);
  refused(JSON.stringify(TRAP));
  loadPolicy(TRAP, { strict: false }).free();
  loadPolicy(TRAP, {}).free();
  const surprising = loadPolicy(rules({ action: "update", subject: "Post", conditions: { mine: true } }), { strict: true });
  assert.equal(surprising.principal("me").can("read", "Post", {}), true);
  assert.deepEqual(loadPolicy(rules(), { strict: true }).compiled(), compile(rules()));
});

test("arguments: a compiled snapshot, no boolean, what does not load", () => {
  const bytes = compile(rules());
  for (const call of [() => lint(bytes), () => loadPolicy(bytes, { strict: true }), () => loadPolicy(rules(), { strict: "yes" })]) {
    assert.throws(call, { name: "LatchgateError", code: "ERR_ARGUMENT" });
  }
  assert.throws(() => lint({}), { code: "ERR_FIELD_MISSING" });
  assert.throws(() => loadPolicy({}, { strict: true }), (error) => error.code === "ERR_FIELD_MISSING" && error.lints === undefined);
});
