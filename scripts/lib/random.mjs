// Random numbers that are the same everywhere for the same seed (Mulberry32).

export function generator(seed) {
  let state = seed >>> 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(unit() * n);
  const pick = (list) => list[below(list.length)];
  /** So many different ones; for a few out of many. */
  const sample = (list, count) => {
    const drawn = new Set();
    while (drawn.size < count) drawn.add(pick(list));
    return [...drawn];
  };
  return { below, pick, sample };
}
