// Figures as people read them.

const three = (value) => Number(value.toPrecision(value >= 1000 ? 4 : value >= 1 ? 3 : 2)).toLocaleString("en", { maximumSignificantDigits: 4 });

export function time(ns) {
  if (ns < 1e3) return `${three(ns)} ns`;
  if (ns < 1e6) return `${three(ns / 1e3)} µs`;
  if (ns < 1e9) return `${three(ns / 1e6)} ms`;
  return `${three(ns / 1e9)} s`;
}

export const milliseconds = (ms) => time(ms * 1e6);

/** Decimal: the budgets are in KB and MB of 1,000. */
export function bytes(count) {
  const sign = count < 0 ? "−" : "";
  const size = Math.abs(count);
  if (size < 1e3) return `${sign}${Math.round(size)} B`;
  if (size < 1e6) return `${sign}${three(size / 1e3)} KB`;
  return `${sign}${three(size / 1e6)} MB`;
}

export const ratio = (value) => three(value);

export const count = (value) => value.toLocaleString("en");
