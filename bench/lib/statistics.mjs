// Medians and quartiles; the slope of a curve between logarithms.

const sorted = (values) => [...values].sort((a, b) => a - b);

export function quantile(values, share) {
  const list = sorted(values);
  const place = share * (list.length - 1);
  const low = Math.floor(place);
  return list[low] + (list[Math.ceil(place)] - list[low]) * (place - low);
}

export const median = (values) => quantile(values, 0.5);

/** What a row of a table needs of the rounds' values. */
export const spread = (values) => ({ median: median(values), p25: quantile(values, 0.25), p75: quantile(values, 0.75) });

/** The exponent k of y = c·x^k, by least squares: 0 is flat, 1 is in proportion. */
export function slope(points) {
  const logs = points.map(({ x, y }) => [Math.log(x), Math.log(y)]);
  const mean = (i) => logs.reduce((sum, log) => sum + log[i], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const over = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
