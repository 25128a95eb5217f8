// Filters of native snapshots on a real SQLite and a real PostgreSQL: the rows that come back are those that a check allows.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { loadPolicy } from "latchgate/insight";
import initSqlite from "sql.js";
import { draw, drawMails, seed } from "./generate.mjs";

const SNAPSHOTS = Number(process.env.LATCHGATE_CASES ?? 150);
const ROWS = 120;

const drawn = draw(seed);
const rows = Array.from({ length: ROWS }, drawn.row);
const records = Array.from({ length: ROWS }, drawn.record);
const numbered = Array.from({ length: ROWS }, drawn.numbered);

const typed = {
  id: { column: "id", table: "docs", type: "text" },
  owner: { column: "owner", type: "text" },
  age: { column: "age", type: "number" },
  active: { column: "active", type: "boolean" },
};
const numbers = { ...typed, id: { column: "id", type: "number" } };
/** SQLite would turn a text into a number to compare it with one. */
const unsaid = { ...typed, id: "id" };
const whole = { "*": { column: "data", type: "json" } };

/** Each answers with the numbers of the rows that a condition shows. */
const databases = {};

const drawnMails = drawMails(seed + 3);
const mails = Array.from({ length: 200 }, drawnMails.row);
/** Times as rows hold them, with what is between milliseconds and off Greenwich. */
const times = ["2026-01-01T00:00:00.000Z", "2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00.001Z", "2026-01-01T01:00:00+01:00", "2025-12-31T22:00:00-02:00", "2024-02-29T12:00:00Z", "1969-12-31T23:59:59.5Z", "0999-01-01T00:00:00Z", null];

before(async () => {
  const { Database } = await initSqlite();
  const sqlite = new Database();
  // A collation that would find more than is meant.
  sqlite.run("CREATE TABLE docs (n INTEGER PRIMARY KEY, id TEXT COLLATE NOCASE, owner TEXT COLLATE NOCASE, age REAL, active BOOLEAN)");
  sqlite.run("CREATE TABLE records (n INTEGER PRIMARY KEY, data TEXT)");
  rows.forEach(({ id, owner, age, active }, n) => sqlite.run("INSERT INTO docs VALUES (?, ?, ?, ?, ?)", [n, id, owner, age, active === null ? null : Number(active)]));
  sqlite.run("CREATE TABLE numbered (n INTEGER PRIMARY KEY, id NUMERIC, owner TEXT, age REAL, active BOOLEAN)");
  numbered.forEach(({ id, owner, age, active }, n) => sqlite.run("INSERT INTO numbered VALUES (?, ?, ?, ?, ?)", [n, id, owner, age, active === null ? null : Number(active)]));
  records.forEach((record, n) => sqlite.run("INSERT INTO records VALUES (?, ?)", [n, JSON.stringify(record)]));
  sqlite.run("CREATE TABLE mails (n INTEGER PRIMARY KEY, user_email TEXT COLLATE NOCASE, status TEXT COLLATE NOCASE)");
  mails.forEach(({ userEmail, status }, n) => sqlite.run("INSERT INTO mails VALUES (?, ?, ?)", [n, userEmail, status]));
  sqlite.run("CREATE TABLE times (n INTEGER PRIMARY KEY, at TEXT)");
  times.forEach((at, n) => sqlite.run("INSERT INTO times VALUES (?, ?)", [n, at]));
  databases.sqlite = {
    show: (table, { text, parameters }) => sqlite.exec(`SELECT n FROM ${table} WHERE ${text} ORDER BY n`, parameters)[0]?.values.flat() ?? [],
    close: () => sqlite.close(),
  };
  const postgres = await PGlite.create();
  await postgres.exec(
    "CREATE TABLE docs (n int PRIMARY KEY, id text, owner text, age double precision, active boolean); CREATE TABLE records (n int PRIMARY KEY, data jsonb); CREATE TABLE numbered (n int PRIMARY KEY, id double precision, owner text, age double precision, active boolean)",
  );
  for (const [n, { id, owner, age, active }] of rows.entries()) await postgres.query("INSERT INTO docs VALUES ($1, $2, $3, $4, $5)", [n, id, owner, age, active]);
  for (const [n, { id, owner, age, active }] of numbered.entries()) await postgres.query("INSERT INTO numbered VALUES ($1, $2, $3, $4, $5)", [n, id, owner, age, active]);
  for (const [n, record] of records.entries()) await postgres.query("INSERT INTO records VALUES ($1, $2)", [n, record]);
  await postgres.exec("CREATE TABLE mails (n int PRIMARY KEY, user_email text, status text); CREATE TABLE times (n int PRIMARY KEY, at timestamptz); SET TIME ZONE 'Asia/Kathmandu'");
  for (const [n, { userEmail, status }] of mails.entries()) await postgres.query("INSERT INTO mails VALUES ($1, $2, $3)", [n, userEmail, status]);
  for (const [n, at] of times.entries()) await postgres.query("INSERT INTO times VALUES ($1, $2)", [n, at]);
  databases.postgresql = {
    show: async (table, { text, parameters }) => (await postgres.query(`SELECT n FROM ${table} WHERE ${text} ORDER BY n`, parameters)).rows.map(({ n }) => n),
    close: () => postgres.close(),
  };
});

after(() => Promise.all(Object.values(databases).map((database) => database.close())));

/** `all` says nothing about ids that are neither text nor numbers (N20); see docs/guides/filters.md. */
const isOdd = (id) => typeof id === "boolean" || (typeof id === "object" && id !== null);

for (const dialect of ["sqlite", "postgresql"]) {
  for (const [what, table, list, columns, loose] of [
    ["columns of their own", "docs", rows, typed, false],
    ["one JSON column", "records", records, whole, true],
    ["ids that are numbers", "numbered", numbered, numbers, false],
    ...(dialect === "sqlite" ? [["ids of a type that is not said", "numbered", numbered, unsaid, false], ["ids of a type that is not said, as text", "docs", rows, unsaid, false]] : []),
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
        // Behind U+FFFF the order is another one, and a record about which that matters is left out.
        const unsure = /[\u{e000}-\u{10ffff}]/u.test(sql.text) ? (n) => /[\u{e000}-\u{10ffff}]/u.test(JSON.stringify(list[n])) : () => false;
        const differs = list.keys().find?.((n) => found.includes(n) !== allowed.includes(n));
        assert.deepEqual(found.filter((n) => !unsure(n)), allowed.filter((n) => !unsure(n)), `${told()}\n${JSON.stringify(list[differs ?? 0])}`);
        assert.ok(found.every((n) => allowed.includes(n)), told());
        for (const [n, record] of list.entries()) assert.equal(filter.test(record), allowed.includes(n), told());
        conditional += filter.kind === "conditions" ? 1 : 0;
        shown += found.length;
        for (const handle of [filter, user, policy]) handle.free();
      }
      assert.ok(conditional > SNAPSHOTS / 3 && shown > 0, `${conditional} filters with conditions, ${shown} rows`);
    });
  }
}

for (const dialect of ["sqlite", "postgresql"]) {
  test(`${dialect}, Open Archiver: no mail is shown that its list would not show, whatever letters its address has`, async () => {
    const columns = { userEmail: { column: "user_email", type: "text" }, status: { column: "status", type: "text" } };
    let [shown, possible, beyond] = [0, 0, 0];
    for (let count = 0; count < SNAPSHOTS * 2; count++) {
      const source = drawnMails.snapshot();
      const policy = loadPolicy(source);
      const user = policy.principal("u1");
      const filter = user.filter("read", "archive");
      const sql = filter.toSql({ dialect, columns });
      const found = await databases[dialect].show("mails", sql);
      for (const n of found) assert.ok(filter.test(mails[n]), `seed ${seed}: ${JSON.stringify(source.payloads.roles)}\n${sql.text}\n${JSON.stringify(sql.parameters)}\n${JSON.stringify(mails[n])}`);
      shown += found.length;
      possible += mails.filter((mail) => filter.test(mail)).length;
      beyond += found.filter((n) => /[^ -~]/.test(mails[n].userEmail ?? "")).length;
      for (const handle of [filter, user, policy]) handle.free();
    }
    assert.ok(shown > possible / 4 && beyond > 0, `${shown} of ${possible} rows shown, ${beyond} of them beyond ASCII`);
    console.log(`${dialect}: ${shown} of ${possible} mails shown, ${beyond} of them with letters beyond ASCII`);
  });

  test(`${dialect}, times: as the text that JavaScript writes`, async () => {
    const texts = [...new Set(times.filter(Boolean).map((at) => new Date(at).toISOString())), "2026-01-01", "2026-01-01T00:00:00Z", "x", ""];
    const columns = { at: { column: "at", type: "time" } };
    let compared = 0;
    for (const operator of ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte"]) {
      for (const text of texts) {
        for (const effect of ["allow", "deny"]) {
          const grants = [{ actions: ["read"], resources: ["doc"], ...(effect === "deny" ? {} : { conditions: { at: { [operator]: text } } }) }];
          if (effect === "deny") grants.push({ effect, actions: ["read"], resources: ["doc"], conditions: { at: { [operator]: text } } });
          const policy = loadPolicy({ system: "latchgate", payloads: { combining: "deny-overrides", principals: [{ id: "u1", grants }] } });
          const filter = policy.principal("u1").filter("read", "doc");
          const found = await databases[dialect].show("times", filter.toSql({ dialect, columns }));
          const wanted = [...times.keys()].filter((n) => filter.test({ at: times[n] === null ? null : new Date(times[n]).toISOString() }));
          assert.deepEqual(found, wanted, `${effect} ${operator} ${text}: ${filter.toSql({ dialect, columns }).text}`);
          compared += times.length;
          policy.free();
        }
      }
    }
    assert.equal(compared, 6 * texts.length * 2 * times.length);
  });
}

test("text that databases cut off or order otherwise", async () => {
  const filterOf = (conditions, effect) => {
    const grants = [{ actions: ["read"], resources: ["doc"], ...(effect ? {} : { conditions }) }, ...(effect ? [{ effect, actions: ["read"], resources: ["doc"], conditions }] : [])];
    return loadPolicy({ system: "latchgate", payloads: { combining: "deny-overrides", principals: [{ id: "u1", grants }] } }).principal("u1").filter("read", "doc");
  };
  for (const dialect of ["sqlite", "postgresql"]) {
    // Neither a snapshot nor a context holds U+0000, where databases cut a text off.
    assert.throws(() => filterOf({ owner: "a\0b" }), { code: "ERR_TEXT_NUL" });
    const policy = loadPolicy({ system: "latchgate", payloads: { combining: "additive", principals: [{ id: "u1" }] } });
    assert.throws(() => policy.principal("u1", { attributes: { name: "a\0b" } }), { code: "ERR_TEXT_NUL" });
    // U+FF61 comes after the halves of 😀 and before 😀 itself.
    for (const columns of [typed, whole]) {
      const [table, list] = columns === typed ? ["docs", rows] : ["records", records];
      for (const operator of ["$lt", "$lte", "$gt", "$gte"]) {
        for (const operand of ["\u{ff61}", "😀", "\u{ff61}😀"]) {
          for (const effect of [undefined, "deny"]) {
            const filter = filterOf({ owner: { [operator]: operand } }, effect);
            const found = await databases[dialect].show(table, filter.toSql({ dialect, columns }));
            for (const n of found) assert.ok(filter.test(list[n]), `${dialect} ${operator} ${operand} ${effect} ${JSON.stringify(list[n])}`);
          }
        }
      }
    }
  }
  assert.ok(rows.some(({ owner }) => owner === "😀"), "a row that is ordered otherwise");
});
