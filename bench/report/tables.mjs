// The tables of a run as Markdown.

import { targets, verdict } from "./targets.mjs";
import { bytes, count, milliseconds, ratio, time } from "./units.mjs";

export const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const lines = (values, text) => values.map((value) => (value.label ? `${value.label}: ${text(value)}` : text(value))).join("<br>");

/** Each target with what was measured. Parts that did not run have no row. */
export function targetTable(measured) {
  const rows = targets
    .map((target) => ({ ...target, found: target.values(measured) }))
    .filter(({ found }) => found.some((value) => value.absent !== "not measured"))
    .map(({ work, target, stretch, found }) => [
      work,
      stretch ? `${target} [${stretch}]` : target,
      lines(found, (value) => value.text ?? "–"),
      found.map(verdict).filter(Boolean).join("<br>"),
      found.map((value) => value.aside ?? "").join("<br>"),
    ]);
  return rows.length === 0 ? "" : table(["work", "target [stretch]", "measured", "", "in figures"], rows);
}

/** Every engine of W1, W2 and W3, by its time in the first of them that ran. */
export function engineTable(measured) {
  const parts = ["W1", "W2", "W3"].filter((id) => measured[id]);
  if (parts.length === 0) return "";
  const names = [...new Set(parts.flatMap((id) => measured[id].rows.map((row) => row.name)))];
  const rowOf = (id, name) => measured[id].rows.find((row) => row.name === name);
  const rows = names.map((name) => [
    name,
    ...parts.flatMap((id) => {
      const row = rowOf(id, name);
      return row ? [`${time(row.ns)} [${time(row.p25)} … ${time(row.p75)}]`, ratio(row.ratio)] : ["–", "–"];
    }),
  ]);
  return table(["a check", ...parts.flatMap((id) => [id, "× CASL"])], rows);
}

export function readyTable({ W2 }) {
  if (!W2?.ready?.length) return "";
  return table(["W2, one principal made ready", "time", "× CASL"], W2.ready.map((row) => [row.name, time(row.ns), ratio(row.ratio)]));
}

export function memoryTable({ W2 }) {
  if (!W2?.memory?.length) return "";
  return table(["W2, memory of 1,000 users", "a user", "JS", "wasm"], W2.memory.map(({ name, perUser, used }) => [name, bytes(perUser), bytes(used.js + used.external), bytes(used.wasm)]));
}

export function explainTable({ explain }) {
  if (!explain?.rows?.length) return "";
  return table(["explain (W1)", "time", "× CASL's check"], explain.rows.map((row) => [row.name, time(row.ns), ratio(row.ratio)]));
}

export function loadTable({ W4 }) {
  if (!W4) return "";
  const sizes = [...new Set(W4.loads.map((row) => row.size))];
  const names = [...new Set(W4.loads.map((row) => row.name))];
  const rows = names.map((name) => {
    const memory = W4.memory.find((row) => row.name === name);
    const cells = sizes.map((size) => {
      const row = W4.loads.find((one) => one.name === name && one.size === size);
      return row ? `${milliseconds(row.cold)}, warm ${milliseconds(row.warm)}` : "–";
    });
    return [name, ...cells, memory ? bytes(memory.used.total) : "–"];
  });
  return table(["W4, to the first decision", ...sizes.map((size) => `${count(size)} grants`), "held"], rows);
}

export function startTable({ W5 }) {
  if (!W5) return "";
  const names = [...new Set([...W5.sizes, ...W5.cold].map((row) => row.name))];
  const rows = names.map((name) => {
    const size = W5.sizes.find((row) => row.name === name);
    const cold = W5.cold.find((row) => row.name === name);
    const three = size ? [size.total.raw, size.total.gzip, size.total.brotli].map(bytes) : ["–", "–", "–"];
    return [size?.inlined ? `${name} (wasm inlined)` : name, ...three, cold ? milliseconds(cold.ms) : "–", cold ? ratio(cold.ratio) : "–"];
  });
  return table(["W5", "raw", "gzip", "brotli", "fresh process, own time", "× CASL"], rows);
}

export function growthTable({ growth }) {
  if (!growth) return "";
  const rows = Object.values(growth).flatMap(({ axis, series, slopes }) =>
    Object.entries(series).map(([name, points]) => [axis, name, `${count(points[0].x)} … ${count(points.at(-1).x)}`, `${time(points[0].y)} … ${time(points.at(-1).y)}`, slopes[name].toFixed(3)]),
  );
  return table(["growth of a check", "", "from … to", "time", "log-log slope"], rows);
}

export function nativeTable({ native }) {
  if (!native?.rows?.length) return "";
  return table(["native", "workload", "time"], native.rows.map((row) => [row.version ? `${row.engine} ${row.version}` : row.engine, row.workload, time(row.ns)]));
}
