// One curve as SVG, both axes logarithmic. Scales and lines are d3's; the picture follows the reader's light or dark theme.

import { scaleLog } from "d3-scale";
import { line } from "d3-shape";
import { count, time } from "./units.mjs";

const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { top: 44, right: 176, bottom: 52, left: 72 };

// Distinct without colour vision too: the shape of the marks differs with the colour.
const STYLES = {
  latchgate: { colour: "#2f81f7", mark: "circle" },
  "latchgate, one string": { colour: "#2da44e", mark: "square" },
  "latchgate, handle": { colour: "#bf8700", mark: "diamond" },
  casl: { colour: "#e5534b", mark: "circle" },
  "hand:bits": { colour: "#8b949e", mark: "square" },
};
const MARKS = {
  circle: "M-3.5,0a3.5,3.5 0 1,0 7,0a3.5,3.5 0 1,0 -7,0Z",
  square: "M-3.2,-3.2h6.4v6.4h-6.4Z",
  diamond: "M0,-4.5L4.5,0L0,4.5L-4.5,0Z",
};

const CSS = `
text { font: 12px system-ui, sans-serif; fill: #424a53; }
.title { font-weight: 600; font-size: 14px; }
.grid { stroke: #d0d7de; } .axis { stroke: #6e7781; }
@media (prefers-color-scheme: dark) { text { fill: #b1bac4; } .grid { stroke: #373e47; } .axis { stroke: #768390; } }`;

/** @param {{ title: string, axis: string, series: Record<string, { x: number, y: number }[]> }} curve */
export function chart({ title, axis, series }) {
  const all = Object.values(series).flat();
  const x = scaleLog(extent(all.map((point) => point.x)), [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLog(extent(all.map((point) => point.y)), [HEIGHT - MARGIN.bottom, MARGIN.top]).nice();
  const names = Object.keys(series).sort((a, b) => series[b].at(-1).y - series[a].at(-1).y);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(title)}">
<style>${CSS}
</style>
<text class="title" x="${MARGIN.left}" y="22">${escapeXml(title)}</text>
${powers(y.domain()).map((value) => horizontal(value, y(value))).join("\n")}
${ticksOf(all).map((value) => vertical(value, x(value))).join("\n")}
<path class="axis" fill="none" d="M${MARGIN.left},${MARGIN.top}V${HEIGHT - MARGIN.bottom}H${WIDTH - MARGIN.right}"/>
<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escapeXml(axis)}</text>
${names.map((name) => curve(name, series[name], x, y)).join("\n")}
${legend(names, series, y)}
</svg>
`;
}

/** A curve of one value would have no height. */
function extent(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low / 2, high * 2] : [low, high];
}

function powers([low, high]) {
  const list = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); power <= Math.floor(Math.log10(high) + 1e-9); power++) list.push(10 ** power);
  return list;
}

/** The points that were measured, thinned out where their labels would touch. */
function ticksOf(points) {
  const values = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  return values.length <= 7 ? values : values.filter((_, i) => i % 2 === 0);
}

const horizontal = (value, at) => `<path class="grid" d="M${MARGIN.left},${round(at)}H${WIDTH - MARGIN.right}"/><text x="${MARGIN.left - 8}" y="${round(at + 4)}" text-anchor="end">${time(value)}</text>`;

const vertical = (value, at) => `<path class="grid" d="M${round(at)},${MARGIN.top}V${HEIGHT - MARGIN.bottom}"/><text x="${round(at)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${count(value)}</text>`;

function curve(name, points, x, y) {
  const { colour, mark } = STYLES[name] ?? { colour: "#a371f7", mark: "diamond" };
  const path = line((point) => round(x(point.x)), (point) => round(y(point.y)))(points);
  const marks = points.map((point) => `<path d="${MARKS[mark]}" transform="translate(${round(x(point.x))},${round(y(point.y))})"/>`).join("");
  return `<path fill="none" stroke="${colour}" stroke-width="2" d="${path}"/><g fill="${colour}">${marks}</g>`;
}

/** Each name at the height where its curve ends, moved down where two would overlap. */
function legend(names, series, y) {
  let lowest = -Infinity;
  return names
    .map((name) => {
      const at = Math.max(y(series[name].at(-1).y), lowest + 17);
      lowest = at;
      const { colour, mark } = STYLES[name] ?? { colour: "#a371f7", mark: "diamond" };
      const left = WIDTH - MARGIN.right + 16;
      return `<path fill="${colour}" d="${MARKS[mark]}" transform="translate(${left},${round(at)})"/><text x="${left + 9}" y="${round(at + 4)}">${escapeXml(name)}</text>`;
    })
    .join("\n");
}

const round = (value) => Math.round(value * 10) / 10;

const escapeXml = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
