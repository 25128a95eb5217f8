// JSON, but what JSON bends without saying so is refused: NaN and the infinities would arrive as `null`, and a rule may
// well be about `null`.

/** Throws for whatever JSON cannot express: loops, bigints, numbers that are not finite, getters that throw. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, refuseBentNumbers);
  // A function, a symbol or `undefined` in place of a value.
  if (text === undefined) throw new TypeError(`JSON has no word for ${typeof value}`);
  return text;
}

function refuseBentNumbers(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`JSON has no word for ${value}`);
  return value;
}
