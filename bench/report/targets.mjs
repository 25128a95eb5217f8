// The targets, row by row, and what was measured for each. A value is `{ label?, value, limit, stretch?, atLeast?, text, aside? }`, or
// `{ label?, absent }` where there is nothing to compare.

import { bytes, milliseconds, ratio, time } from "./units.mjs";

const NOT_BUILT = "not built";
const NOT_MEASURED = "not measured";
const WRONG = "wrong, so not timed";
const NO_FIGURE = "no figure";

const rowOf = (list, name) => list?.find((row) => row.name === name);

/** A candidate beside another, by default CASL (whose row is called `base`), in the same run. `part` is what was measured, `key` where its rows are. */
function beside(part, name, limit, { label, stretch, to = "casl", base: baseName = to, key = "rows" } = {}) {
  if (part === undefined) return { label, absent: NOT_MEASURED };
  const row = rowOf(part[key], name);
  const base = rowOf(part[key], baseName);
  if (row === undefined || base === undefined) return { label, absent: whyAbsent(part, name) };
  // The rounds' ratios are those to CASL; to anything else it is the ratio of the medians.
  if (to !== "casl") return { label, value: row.ns / base.ns, limit, stretch, text: `${ratio(row.ns / base.ns)} ×`, aside: `${time(row.ns)}; own check ${time(base.ns)}` };
  const around = row.ratioP25 === undefined ? "" : ` [${ratio(row.ratioP25)} … ${ratio(row.ratioP75)}]`;
  return { label, value: row.ratio, limit, stretch, text: `${ratio(row.ratio)} ×${around}`, aside: `${time(row.ns)}; CASL ${time(base.ns)}` };
}

function whyAbsent({ wrong = [], missing = [] }, name) {
  if (wrong.includes(name)) return WRONG;
  return missing.some((one) => one.name === name) ? NOT_BUILT : NO_FIGURE;
}

const absolute = (label, value, limit, stretch, text, aside) => (value === undefined ? { label, absent: NOT_MEASURED } : { label, value, limit, stretch, text, aside });

export const targets = [
  {
    work: "W1, strings: `canAny(action, type)`",
    target: "≤ 0.40 × CASL",
    stretch: "0.33",
    values: ({ W1 }) => [beside(W1, "latchgate", 0.4, { stretch: 0.33 }), beside(W1, "latchgate, one string", 0.4, { label: 'one string, `can("type:action")`', stretch: 0.33 })],
  },
  {
    work: "W1, handle · batch by ids",
    target: "≤ 0.15 × · ≤ 0.08 ×",
    stretch: "0.06 · 0.05",
    values: ({ W1 }) => [beside(W1, "latchgate, handle", 0.15, { label: "handle", stretch: 0.06 }), beside(W1, "latchgate, batch", 0.08, { label: "batch", stretch: 0.05 })],
  },
  {
    work: "W2, strings, 1,000 users · memory a user",
    target: "≤ 0.08 × CASL, ≤ 1 KB",
    stretch: "0.05",
    values: ({ W2 }) => {
      const own = rowOf(W2?.memory, "latchgate");
      const casl = rowOf(W2?.memory, "casl");
      return [
        beside(W2, "latchgate", 0.08, { stretch: 0.05 }),
        beside(W2, "latchgate, one string", 0.08, { label: "one string", stretch: 0.05 }),
        absolute("memory", own?.perUser, 1000, undefined, own && bytes(own.perUser), casl && `CASL ${bytes(casl.perUser)}`),
      ];
    },
  },
  {
    work: "W2, making one principal ready",
    target: "≤ 0.2 × CASL's build",
    stretch: "0.1",
    values: ({ W2 }) => [
      beside(W2, "latchgate", 0.2, { stretch: 0.1, key: "ready" }),
      beside(W2, "latchgate, first check", 0.2, { label: "and its first check", stretch: 0.1, key: "ready" }),
    ],
  },
  {
    work: "W3, conditional",
    target: "≤ 0.30 × CASL",
    stretch: "0.15",
    values: ({ W3 }) => [beside(W3, "latchgate", 0.3, { stretch: 0.15 })],
  },
  {
    work: "`latchgate/casl`, W1 · W2 · W3",
    target: "≤ 1.0 × · ≤ 0.5 × · ≤ 0.5 × CASL",
    values: ({ W1, W2, W3 }) => [
      beside(W1, "latchgate/casl", 1, { label: "W1" }),
      beside(W2, "latchgate/casl", 0.5, { label: "W2" }),
      beside(W3, "latchgate/casl", 0.5, { label: "W3" }),
    ],
  },
  {
    work: "`latchgate/casl`, an ability for each request: 5 · 20 · 50 rules",
    target: "≤ 1.2 × CASL",
    values: ({ requests }) => [5, 20, 50].map((rules) => beside(requests, `latchgate/casl, ${rules} rules`, 1.2, { label: `${rules} rules`, base: `casl, ${rules} rules` })),
  },
  {
    work: "explain",
    target: "≤ 2 × our own check, ≤ 1.5 × CASL's check",
    values: ({ explain }) => [
      beside(explain, "latchgate check", 2, { label: "own check", to: "latchgate, one string" }),
      beside(explain, "latchgate check", 1.5, { label: "CASL's check" }),
    ],
  },
  {
    work: "insight on W2: list · who · diff of 1 %",
    target: "≤ 10 µs · ≤ 5 µs · ≤ 20 ms",
    values: ({ insight }) => [
      whole(insight, "list", "latchgate, names", 10_000, "list, by name"),
      whole(insight, "list", "latchgate, with how each is held", undefined, "list, with how each is held"),
      whole(insight, "who", "latchgate, ids", 5_000, "who, by id"),
      whole(insight, "who", "latchgate, with how each holds it", undefined, "who, with how each holds it"),
      whole(insight, "diff", "latchgate", 20_000_000, "diff"),
    ],
  },
  {
    work: "insight on W2: why",
    target: "≤ 2 × our own check",
    values: ({ insight }) => [derivation(insight)],
  },
  {
    work: "insight on W2: memory of the core over the loaded policies",
    target: "≤ 4 MB",
    values: ({ insight }) => [absolute(undefined, insight?.memory, 4e6, undefined, insight?.memory !== undefined && bytes(insight.memory))],
  },
  {
    work: "W4, JSON text of 100,000 grants → first decision",
    target: "≤ `JSON.parse` of that text alone, cold",
    stretch: "0.5 ×",
    values: ({ W4 }) => {
      const own = loadOf(W4, "latchgate");
      return [absolute(undefined, own?.toParse, 1, 0.5, own && `${ratio(own.toParse)} ×`, own && `${milliseconds(own.cold)}; JSON.parse ${milliseconds(loadOf(W4, "JSON.parse").cold)}`)];
    },
  },
  {
    work: "W4, compiled, 100,000 grants → first decision",
    target: "≤ 0.05 × of the above",
    stretch: "1 ms",
    values: ({ W4 }) => [compiledLoad(W4, "latchgate, compiled", "latchgate"), compiledLoad(W4, "latchgate/reader, compiled", "latchgate/reader")],
  },
  {
    work: "memory for 100,000 grants",
    target: "≤ 4 MB",
    stretch: "2 MB",
    values: ({ W4 }) => [loadedMemory(W4, "latchgate", "from JSON"), loadedMemory(W4, "latchgate, compiled", "compiled"), loadedMemory(W4, "latchgate/reader, compiled", "compiled, reader")],
  },
  {
    work: "check cost from 100 to 1,000,000 grants",
    target: "flat (log-log slope ≤ 0.05)",
    values: ({ growth }) => ["latchgate", "latchgate, one string", "latchgate, handle"].map((name) => slopeOf(growth?.grants, name)),
  },
  {
    work: "cold start, fresh Node process, own time",
    target: "≤ CASL's",
    values: ({ W5 }) => [coldStart(W5, "latchgate", "latchgate"), coldStart(W5, "latchgate/reader, compiled", "latchgate/reader")],
  },
  {
    work: "`latchgate/reader`, wasm + JS, gzip",
    target: "≤ 15 KB",
    stretch: "10 KB",
    values: ({ W5 }) => entrySizes(W5, (name) => name.startsWith("latchgate/reader"), 15_000, 10_000),
  },
  {
    work: "`latchgate`, wasm + JS, gzip",
    target: "≤ 70 KB",
    stretch: "45 KB",
    values: ({ W5 }) => entrySizes(W5, (name) => name.startsWith("latchgate") && !/\/(reader|casl|insight)/.test(name), 70_000, 45_000),
  },
  {
    work: "native core against cedar-policy, casbin, regorus",
    target: "≥ 100 × faster on W1 and W2",
    values: ({ native }) => nativeFactors(native),
  },
];

/** A question about everything, beside CASL, which has to be asked about each thing, and casbin. */
function whole(insight, part, name, limit, label) {
  if (insight === undefined) return { label, absent: NOT_MEASURED };
  const row = rowOf(insight[part], name);
  if (row === undefined) return { label, absent: insight.wrong.includes(`${part}: latchgate`) ? WRONG : NO_FIGURE };
  const others = ["casl", "casbin"].map((peer) => [peer, rowOf(insight[part], peer)]).filter(([, peer]) => peer !== undefined);
  const aside = others.map(([peer, { ns }]) => `${peer === "casl" ? "CASL" : peer} ${time(ns)}, ${ratio(row.ns / ns)} ×`).join("; ");
  return { label, ...(limit === undefined ? { shown: true } : { value: row.ns, limit }), text: time(row.ns), aside };
}

/** Why, beside the check of the same question; neither is kept. */
function derivation(insight) {
  const [why, check] = ["latchgate", "latchgate, its own check"].map((name) => rowOf(insight?.why, name));
  if (insight === undefined || why === undefined || check === undefined) return { absent: insight === undefined ? NOT_MEASURED : insight.wrong.includes("why: latchgate") ? WRONG : NO_FIGURE };
  const value = why.ns / check.ns;
  return { value, limit: 2, text: `${ratio(value)} ×`, aside: `${time(why.ns)}; check ${time(check.ns)}` };
}

const loadOf = (W4, name) => W4?.loads.find((row) => row.name === name && row.size === 100_000);

function compiledLoad(W4, name, label) {
  if (W4 === undefined) return { label, absent: NOT_MEASURED };
  const own = loadOf(W4, name);
  const json = loadOf(W4, "latchgate");
  if (own === undefined || json === undefined) return { label, absent: W4.compiles && json ? NO_FIGURE : NOT_BUILT };
  const value = own.cold / json.cold;
  return { label, value, limit: 0.05, text: `${ratio(value)} ×`, stretched: own.cold <= 1, aside: milliseconds(own.cold) };
}

function loadedMemory(W4, name, label) {
  if (W4 === undefined) return { label, absent: NOT_MEASURED };
  const row = rowOf(W4.memory, name);
  if (row === undefined) return { label, absent: NOT_BUILT };
  const { total, js, external, wasm } = row.used;
  return { label, value: total, limit: 4e6, stretch: 2e6, text: bytes(total), aside: `wasm ${bytes(wasm)}, JS ${bytes(js + external)}` };
}

function slopeOf(curve, name) {
  const label = name === "latchgate" ? "strings" : name.replace("latchgate, ", "");
  const points = curve?.series[name];
  if (points === undefined) return { label, absent: curve === undefined ? NOT_MEASURED : NOT_BUILT };
  return { label, value: curve.slopes[name], limit: 0.05, text: curve.slopes[name].toFixed(3), aside: `${time(points[0].y)} … ${time(points.at(-1).y)}` };
}

function coldStart(W5, name, label) {
  if (W5 === undefined) return { label, absent: NOT_MEASURED };
  const row = rowOf(W5.cold, name);
  if (row === undefined) return { label, absent: NOT_BUILT };
  return { label, value: row.ratio, limit: 1, text: `${ratio(row.ratio)} ×`, aside: `${milliseconds(row.ms)}; CASL ${milliseconds(rowOf(W5.cold, "casl").ms)}` };
}

/** The target is about the files as they are served; an entry that carries its WebAssembly as text is shown beside. */
function entrySizes(W5, wanted, limit, stretch) {
  if (W5 === undefined) return [{ absent: NOT_MEASURED }];
  const rows = W5.sizes.filter(({ name }) => wanted(name)).sort((a, b) => a.total.gzip - b.total.gzip);
  if (rows.length === 0) return [{ absent: NOT_BUILT }];
  return rows.map(({ name, inlined, js, wasm, total }, i) => {
    const text = bytes(total.gzip);
    const aside = `${inlined ? "wasm inlined as text" : `JS ${bytes(js.gzip)} + wasm ${bytes(wasm.gzip)}`}; brotli ${bytes(total.brotli)}`;
    return i === 0 ? { label: `\`${name}\``, value: total.gzip, limit, stretch, text, aside } : { label: `\`${name}\``, shown: true, text, aside };
  });
}

/** How many times quicker each of our rows is than the nearest peer. */
function nativeFactors(native) {
  if (!native?.rows?.length) return [{ absent: NOT_MEASURED }];
  const isOurs = ({ engine }) => engine.startsWith("latchgate");
  return native.rows.filter(isOurs).map((own) => {
    const label = `${own.workload}${own.engine.replace("latchgate", "")}`;
    // A cached hit takes no decision: it is shown beside, not compared with.
    const cached = native.rows.find((row) => row.workload === own.workload && row.engine.includes("cached"));
    const peers = native.rows.filter((row) => !isOurs(row) && row !== cached && row.workload === own.workload);
    if (peers.length === 0) return { label, absent: NOT_MEASURED };
    const nearest = peers.reduce((a, b) => (a.ns < b.ns ? a : b));
    const value = nearest.ns / own.ns;
    const aside = `${time(own.ns)}; nearest ${nearest.engine} ${time(nearest.ns)}${cached ? `; ${cached.engine} ${time(cached.ns)}` : ""}`;
    return { label, value, limit: 100, atLeast: true, text: `${ratio(value)} ×`, aside };
  });
}

/** "met", "stretch met", or by how much it is missed. */
export function verdict(value) {
  if (value.absent) return value.absent;
  if (value.shown) return "";
  const { value: got, limit, stretch, atLeast, stretched } = value;
  if (atLeast ? got < limit : got > limit) return `missed by ${ratio(atLeast ? limit / got : got / limit)} ×`;
  return stretched || (stretch !== undefined && got <= stretch) ? "stretch met" : "met";
}
