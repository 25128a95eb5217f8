// Random numbers from a seed (mulberry32), so that every run on every machine asks the same questions.

export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (list) => list[below(list.length)],
    /** Some of a list without repetition, in random order. */
    sample(list, size) {
      const rest = list.slice();
      for (let i = 0; i < size; i++) {
        const j = i + below(rest.length - i);
        [rest[i], rest[j]] = [rest[j], rest[i]];
      }
      return rest.slice(0, size);
    },
  };
}
