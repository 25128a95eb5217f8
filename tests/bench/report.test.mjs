// What the benchmark says of a target.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { quantile, slope } from "../../bench/lib/statistics.mjs";
import { pagesOf } from "../../bench/report/pages.mjs";
import { targetTable } from "../../bench/report/tables.mjs";
import { targets, verdict } from "../../bench/report/targets.mjs";
import { bytes, time } from "../../bench/report/units.mjs";

const row = (name, ns, ratio) => ({ name, ns, ratio, p25: ns, p75: ns });
const W3 = (ratio) => ({ W3: { rows: [row("casl", 400, 1), row("latchgate", 400 * ratio, ratio)], wrong: [], missing: [] } });
const said = (measured, work) => targets.find((target) => target.work === work).values(measured).map(verdict);

test("a target is met, met with its stretch, or missed by a factor", () => {
  assert.deepEqual(said(W3(0.2), "W3, conditional"), ["met"]);
  assert.deepEqual(said(W3(0.15), "W3, conditional"), ["stretch met"]);
  assert.deepEqual(said(W3(0.6), "W3, conditional"), ["missed by 2 ×"]);
});

test("what is wrong, not built or not measured is never met", () => {
  const W1 = { rows: [row("casl", 50, 1)], wrong: ["latchgate"], missing: [{ name: "latchgate, handle" }] };
  assert.deepEqual(said({ W1 }, "W1, strings: `canAny(action, type)`"), ["wrong, so not timed", "no figure"]);
  assert.deepEqual(said({ W1 }, "W1, handle · batch by ids"), ["not built", "no figure"]);
  for (const target of targets) assert.deepEqual(new Set(target.values({}).map(verdict)), new Set(["not measured"]), target.work);
  assert.equal(targetTable({}), "");
});

test("native rows are compared with the nearest peer that decides", () => {
  const rows = [{ engine: "latchgate, numbers", ns: 10 }, { engine: "casbin", ns: 5000 }, { engine: "casbin, cached hit", ns: 300 }, { engine: "regorus", ns: 900 }];
  const native = { rows: rows.map((one) => ({ ...one, workload: "W1" })) };
  assert.deepEqual(said({ native }, "native core against cedar-policy, casbin, regorus"), ["missed by 1.11 ×"]);
});

test("figures", () => {
  assert.equal(quantile([3, 1, 2, 4], 0.5), 2.5);
  assert.ok(Math.abs(slope([1, 10, 100].map((x) => ({ x, y: 7 * x }))) - 1) < 1e-9);
  assert.ok(Math.abs(slope([1, 10, 100].map((x) => ({ x, y: 7 })))) < 1e-9);
  assert.deepEqual([1.234, 12_345, 1.5e6, 2e9].map(time), ["1.23 ns", "12.3 µs", "1.5 ms", "2 s"]);
  assert.deepEqual([12, 15_000, 4e6, -2048].map(bytes), ["12 B", "15 KB", "4 MB", "−2.05 KB"]);
});

test("the documents print the figures of the last complete run", () => {
  const latest = JSON.parse(readFileSync(new URL("../../bench/results/latest.json", import.meta.url), "utf8"));
  const pages = pagesOf(latest);
  assert.equal(pages.length, 2);
  for (const { file, page, wanted } of pages) assert.equal(page, wanted, `${file}: node bench/pages.mjs`);
});
