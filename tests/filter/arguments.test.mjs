// What a filter is asked that makes no sense, and records that cannot be read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, loadPolicy } from "latchgate/insight";
import { loadPolicy as open } from "latchgate/reader";

function filterOf(...grants) {
  const policy = loadPolicy({ format: 1, system: "latchgate", payloads: { combining: "deny-overrides", principals: [{ id: "u1", grants }] } });
  return policy.principal("u1").filter("read", "doc");
}
const own = () => filterOf({ actions: ["read"], resources: ["doc"], conditions: { owner: "${principal.id}" } });
const refused = (work, code, path) => assert.throws(work, (error) => error.name === "LatchgateError" && error.code === code && (path === undefined || error.path === path));

test("kind, tree, predicate, query and SQL", () => {
  const filter = own();
  assert.equal(filter.kind, "conditions");
  assert.deepEqual(filter.ast.value[1], { operator: "eq", field: "owner", value: "u1" });
  assert.equal(filter.test({ owner: "u1" }), true);
  assert.equal(filter.test({ owner: "u2" }), false);
  assert.deepEqual(filter.toSql({ dialect: "postgresql", columns: { owner: "owner_id" } }), { text: '"owner_id" = $1', parameters: ["u1"] });
  assert.deepEqual(filter.toSql({ dialect: "sqlite", columns: { owner: "owner_id" } }), { text: "`owner_id` COLLATE BINARY = ?", parameters: ["u1"] });
  assert.equal(filter.toSql({ dialect: "postgresql", columns: { owner: "owner_id" }, firstParameter: 4 }).text, '"owner_id" = $4');
});

test("options that make no sense", () => {
  const filter = own();
  const columns = { owner: "owner" };
  refused(() => filter.toSql(), "ERR_ARGUMENT");
  refused(() => filter.toSql({ columns }), "ERR_ARGUMENT", "$.dialect");
  refused(() => filter.toSql({ dialect: "mysql", columns }), "ERR_ARGUMENT", "$.dialect");
  refused(() => filter.toSql({ dialect: "sqlite" }), "ERR_ARGUMENT", "$.columns");
  refused(() => filter.toSql({ dialect: "sqlite", columns: { owner: 7 } }), "ERR_ARGUMENT", '$.columns["owner"]');
  refused(() => filter.toSql({ dialect: "sqlite", columns: { owner: { column: "o", type: "uuid" } } }), "ERR_ARGUMENT", '$.columns["owner"]');
  refused(() => filter.toSql({ dialect: "postgresql", columns, firstParameter: 0 }), "ERR_ARGUMENT", "$.firstParameter");
  refused(() => filter.toSql({ dialect: "sqlite", columns: {} }), "ERR_FILTER_COLUMN", '$.columns["owner"]');
  const loop = {};
  loop.owner = loop;
  refused(() => filter.toSql({ dialect: "sqlite", columns: loop }), "ERR_ARGUMENT");
});

test("names of columns cannot end the quotes", () => {
  const name = 'x" OR "1"="1` OR 1 --';
  assert.equal(own().toSql({ dialect: "postgresql", columns: { owner: name } }).text, '"x"" OR ""1""=""1` OR 1 --" = $1');
  assert.equal(own().toSql({ dialect: "sqlite", columns: { owner: name } }).text, '`x" OR "1"="1`` OR 1 --` COLLATE BINARY = ?');
  for (const columns of [{ owner: "" }, { owner: "x".repeat(64) }, { owner: { column: "o", table: "" } }]) {
    refused(() => own().toSql({ dialect: "postgresql", columns }), "ERR_ARGUMENT", '$.columns["owner"]');
  }
});

test("a record that cannot be read is not shown", () => {
  const filter = own();
  assert.equal(filter.test({ get owner() { throw new Error("no"); } }), false);
  assert.equal(filter.test(null), false);
  assert.equal(filter.test("u1"), false);
  assert.equal(filter.test({ get owner() { return "u1"; }, other: 1n }), true);
});

test("names like those that every object inherits", () => {
  const filter = filterOf({ actions: ["read"], resources: ["doc"], conditions: { constructor: { $exists: true } } });
  assert.equal(filter.test({}), false);
  assert.equal(filter.test({ constructor: 1 }), true);
});

test("a freed filter is refused, the others go on", () => {
  const policy = loadPolicy({ format: 1, system: "latchgate", payloads: { combining: "additive", principals: [{ id: "u1", grants: [{ actions: ["read"] }] }] } });
  const user = policy.principal("u1");
  const [first, second] = [user.filter("read", "doc"), user.filter(["read", "write"], "doc")];
  first.free();
  first.free();
  refused(() => first.test({}), "ERR_FREED");
  refused(() => first.toMongo(), "ERR_FREED");
  user.free();
  policy.free();
  assert.equal(second.kind, "all");
  assert.equal(second.test({ id: "x" }), true);
  refused(() => user.filter("read", "doc"), "ERR_FREED");
});

test("who is refused sees nothing; what the server fails on is an error", () => {
  const editor = [{ action: "read", subject: "Post", conditions: { a: { $in: 1 } } }];
  const policy = loadPolicy({ system: "casl", payloads: { editor } });
  for (const [who, kind] of [["editor", "error"], ["stranger", "none"], [null, "none"]]) {
    const filter = policy.principal(who).filter("read", "Post");
    assert.equal(filter.kind, kind);
    assert.equal(filter.test({ a: 1 }), false);
    assert.deepEqual(filter.toSql({ dialect: "sqlite", columns: {} }), { text: "FALSE", parameters: [] });
    assert.deepEqual(filter.toMongo(), { $nor: [{}] });
  }
});

test("Open Archiver's own lists", () => {
  const policies = [
    { action: "read", subject: "archive", conditions: { userEmail: " Me@Example.org ", ingestionSourceId: { $ne: "s9" } } },
    { action: "read", subject: "archive", conditions: { status: "locked" }, inverted: true },
  ];
  const users = [{ id: "u1", email: "me@example.org", roles: ["r"] }];
  const policy = loadPolicy({ system: "open-archiver", payloads: { roles: [{ id: "r", name: "r", policies }], users } });
  const filter = policy.principal("u1").filter("read", "archive");
  const columns = { userEmail: "user_email", ingestionSourceId: "ingestion_source_id", status: "status" };
  assert.deepEqual(filter.toSql({ dialect: "postgresql", columns }), {
    text: '(lower(btrim("user_email")) = $1 AND "ingestion_source_id" <> $2 AND NOT ("status" = $3))',
    parameters: ["me@example.org", "s9", "locked"],
  });
  // A23: a comparison with NULL is neither true nor false.
  assert.equal(filter.test({ userEmail: " ME@example.org", ingestionSourceId: "s1", status: "open" }), true);
  assert.equal(filter.test({ userEmail: "me@example.org", ingestionSourceId: null, status: "open" }), false);
  assert.equal(filter.test({ userEmail: "me@example.org", ingestionSourceId: "s1" }), false);
  refused(() => filter.toMongo(), "ERR_FILTER_OPERATOR");
});

test("the reader says the same kind, and the kind alone", () => {
  const grants = [
    { actions: ["read"], resources: ["doc"], conditions: { owner: "${principal.id}" } },
    { actions: ["write"], resources: ["doc/d1"] },
    { actions: ["list"], resources: ["doc"] },
  ];
  const snapshot = { format: 1, system: "latchgate", payloads: { combining: "additive", principals: [{ id: "u1", grants }] } };
  const [full, reader] = [loadPolicy(snapshot).principal("u1"), open(compile(snapshot)).principal("u1")];
  for (const [action, kind] of [["read", "conditions"], ["write", "conditions"], ["list", "all"], ["delete", "none"]]) {
    assert.equal(full.filter(action, "doc").kind, kind);
    assert.deepEqual(reader.filter(action, "doc"), { kind });
  }
  assert.equal(full.filter("write", "doc").test({ id: "d1/p1" }), true);
  assert.equal(full.filter("write", "doc").test({ id: "d2" }), false);
});
