// Values where languages differ about them: numbers as text, text beyond the basic plane, lists in lists, what is empty.

/** Text that some coercion, some order or some folding reads in its own way. */
const TEXTS = [
  "", " ", "0", "-0", "1", "2", "10", "9", " 3 ", "0x10", "0b11", "1e1", "1_0", "+1", "-1", ".5", "5.", "Infinity", "-Infinity", "infinity", "NaN",
  "null", "true", "a", "A", "b", "ab", "abc", "k", "K", "\u212a", "\u{10000}", "\uff61", "\u{1f600}", "e\u0301", "\u00e9", "a\nb", "\u2028", "\ufeff1", "\u00a02",
  "1,2", ",", "[object Object]", "Owner@Example.org", " owner@example.org ", "\u0130", "\u03a3\u03a3", "\u00df", "u-1", "${user.id}", "x${user.id}y", "${USER.ID}", "${user.email}",
];
/** Snapshots and records hold no numbers beyond 2^53 (`ERR_NUMBER_RANGE`), which CASL would take as they come. */
const NUMBERS = [0, -0, 1, 2, 3, -1, 10, 0.5, 1.5, -2.5, 1e-7, 5e-324, 9007199254740991, -9007199254740991, 16];

export const NAMES = ["a", "b", "c", "items", "tags"];
/** Members that only some values have, and steps that are numbers to JavaScript. */
const ODD_NAMES = ["0", "1", "-1", "1e0", "", " ", "00", "0x1", "Infinity", "length", "$or", "a b", "\u00e9", "${user.id}", "hasOwnProperty", "constructor", "toString", "valueOf", "name"];
/** A10 is about this one, and about texts like these. */
const EMAIL = "userEmail";
const EMAILS = ["Owner@Example.org", " owner@example.org ", "owner@example.org", "\u00a0A ", "U-2", "u-2", "${user.id}", "${USER.ID}", "\u0130", "i\u0307", "\u03a3\u03a3", "\u03c3\u03c2", "a"];

/** `other` may give a value in the place of a scalar. */
export function values(random, other = () => undefined) {
  const { below, pick } = random;
  const chance = (percent) => below(100) < percent;
  const few = (most, make) => Array.from({ length: below(most + 1) }, make);

  const scalar = () => {
    const given = other();
    if (given !== undefined) return given[0];
    const kind = below(20);
    if (kind < 2) return null;
    if (kind < 4) return chance(50);
    if (kind < 10) return chance(70) ? pick([0, 1, 2, 3, -1]) : pick(NUMBERS);
    if (kind < 12) return pick(EMAILS);
    return chance(40) ? pick(["a", "b", "1", "2", ""]) : pick(TEXTS);
  };
  const name = () => (chance(84) ? pick(NAMES) : chance(45) ? EMAIL : pick(ODD_NAMES));
  const value = (depth = 3) => {
    const kind = depth === 0 ? 0 : below(20);
    if (kind < 12) return scalar();
    if (kind < 16) return few(3, () => value(depth - 1));
    return object(depth - 1);
  };
  const object = (depth = 3) => {
    const made = {};
    for (let left = below(4); left > 0; left--) made[name()] = value(depth);
    return made;
  };
  const path = () => {
    const steps = [name()];
    while (steps.length < 4 && chance(40)) steps.push(chance(30) ? pick(["0", "0", "0", "1", "1", "length", "", "1e0"]) : name());
    return steps.join(".");
  };
  return { chance, few, scalar, name, value, object, path, text: () => pick(TEXTS) };
}
