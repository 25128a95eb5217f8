// Filters of native snapshots on a real SQLite and a real PostgreSQL: the rows that come back are those that a check allows.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { loadPolicy } from "latchgate/insight";
import initSqlite from "sql.js";
import { draw, seed } from "./generate.mjs";

const SNAPSHOTS = Number(process.env.LATCHGATE_CASES ?? 150);
const ROWS = 120;

const drawn = draw(seed);
const rows = Array.from({ length: ROWS }, drawn.row);
const records = Array.from({ length: ROWS }, drawn.record);

const typed = {
  id: { column: "id", table: "docs", type: "text" },
  owner: { column: "owner", type: "text" },
  age: { column: "age", type: "number" },
  active: { column: "active", type: "boolean" },
};
const whole = { "*": { column: "data", type: "json" } };

/** Each answers with the numbers of the rows that a condition shows. */
const databases = {};

before(async () => {
  const { Database } = await initSqlite();
  const sqlite = new Database();
  // A collation that would find more than is meant.
  sqlite.run("CREATE TABLE docs (n INTEGER PRIMARY KEY, id TEXT COLLATE NOCASE, owner TEXT COLLATE NOCASE, age REAL, active BOOLEAN)");
  sqlite.run("CREATE TABLE records (n INTEGER PRIMARY KEY, data TEXT)");
  rows.forEach(({ id, owner, age, active }, n) => sqlite.run("INSERT INTO docs VALUES (?, ?, ?, ?, ?)", [n, id, owner, age, active === null ? null : Number(active)]));
  records.forEach((record, n) => sqlite.run("INSERT INTO records VALUES (?, ?)", [n, JSON.stringify(record)]));
  databases.sqlite = {
    show: (table, { text, parameters }) => sqlite.exec(`SELECT n FROM ${table} WHERE ${text} ORDER BY n`, parameters)[0]?.values.flat() ?? [],
    close: () => sqlite.close(),
  };
  const postgres = await PGlite.create();
  await postgres.exec(
    "CREATE TABLE docs (n int PRIMARY KEY, id text, owner text, age double precision, active boolean); CREATE TABLE records (n int PRIMARY KEY, data jsonb)",
  );
  for (const [n, { id, owner, age, active }] of rows.entries()) await postgres.query("INSERT INTO docs VALUES ($1, $2, $3, $4, $5)", [n, id, owner, age, active]);
  for (const [n, record] of records.entries()) await postgres.query("INSERT INTO records VALUES ($1, $2)", [n, record]);
  databases.postgresql = {
    show: async (table, { text, parameters }) => (await postgres.query(`SELECT n FROM ${table} WHERE ${text} ORDER BY n`, parameters)).rows.map(({ n }) => n),
    close: () => postgres.close(),
  };
});

after(() => Promise.all(Object.values(databases).map((database) => database.close())));

/** `all` says nothing about ids that are no paths; see docs/guides/filters.md. */
const isOdd = (id) => typeof id === "string" && id.split("/").includes("");

for (const dialect of ["sqlite", "postgresql"]) {
  for (const [what, table, list, columns, loose] of [
    ["columns of their own", "docs", rows, typed, false],
    ["one JSON column", "records", records, whole, true],
  ]) {
    test(`${dialect}, ${what}: the rows that a check allows`, async () => {
      const { snapshot } = draw(seed + (loose ? 1 : 2));
      let conditional = 0;
      let shown = 0;
      for (let count = 0; count < SNAPSHOTS; count++) {
        const source = snapshot(loose);
        const policy = loadPolicy(source);
        const user = policy.principal("u1");
        const filter = user.filter("read", "doc");
        const sql = filter.toSql({ dialect, columns });
        const allowed = [...list.keys()].filter((n) => user.can("read", "doc", list[n]) || (filter.kind === "all" && isOdd(list[n].id)));
        const told = () => `seed ${seed}: ${JSON.stringify(source.payloads)}\n${sql.text}\n${JSON.stringify(sql.parameters)}`;
        let found;
        try {
          found = await databases[dialect].show(table, sql);
        } catch (reason) {
          throw new Error(`${reason.message}\n${told()}`);
        }
        const differs = list.keys().find?.((n) => found.includes(n) !== allowed.includes(n));
        assert.deepEqual(found, allowed, `${told()}\n${JSON.stringify(list[differs ?? 0])}`);
        for (const [n, record] of list.entries()) assert.equal(filter.test(record), allowed.includes(n), told());
        conditional += filter.kind === "conditions" ? 1 : 0;
        shown += found.length;
        for (const handle of [filter, user, policy]) handle.free();
      }
      assert.ok(conditional > SNAPSHOTS / 3 && shown > 0, `${conditional} filters with conditions, ${shown} rows`);
    });
  }
}
