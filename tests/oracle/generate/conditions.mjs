// Conditions: every operator, mostly with operands that fit, and the shapes that look like operators and are none.

const ORDERS = ["$lt", "$lte", "$gt", "$gte"];
const LISTS = ["$in", "$nin", "$all"];
// Nothing that a later ECMAScript reads and an earlier one refuses: there the answer is the host's.
const PATTERNS = ["a", "^a", "b$", "^.$", "^..$", "\\w", "\\d+", "(?<=a)b", "(a)\\1", "[", "(?<n>a", "", "k", "\\u212a", "\\p{L}", "^.*$", "A", "^$", ".", "[^]", "\\u{61}", "owner@", "a|b", "${user.id}"];
const FLAGS = ["", "i", "g", "y", "m", "s", "u", "v", "gi", "iu", "d", "x", "ii", "uv", "I"];
/** Not known to CASL's own matcher: read as names of fields, or as objects to be equal to. */
const UNKNOWN = ["$or", "$and", "$nor", "$not", "$where", "$mod", "$foo", "$"];
const INHERITED = ["toString", "constructor", "valueOf", "hasOwnProperty", "__proto__", "isPrototypeOf"];

export function conditions(random, made) {
  const { below, pick } = random;
  const { chance, few, scalar, value, path } = made;

  const operator = (depth) => {
    const kind = below(100);
    if (kind < 10) return ["$eq", chance(80) ? scalar() : value(2)];
    if (kind < 22) return ["$ne", chance(80) ? scalar() : value(2)];
    if (kind < 46) return [pick(ORDERS), chance(92) ? (chance(50) ? pick([0, 1, 2, 1.5, -1]) : made.text()) : value(1)];
    if (kind < 66) return [pick(LISTS), chance(94) ? few(3, () => (chance(85) ? scalar() : value(1))) : value(1)];
    if (kind < 74) return ["$size", chance(90) ? below(4) : pick([-1, 1.5, "1", null, [1], true])];
    if (kind < 83) return ["$exists", chance(92) ? chance(50) : scalar()];
    if (kind < 92) return ["$elemMatch", chance(94) ? element(depth) : value(1)];
    return ["$regex", chance(94) ? pick(PATTERNS) : value(1)];
  };
  const operators = (depth) => {
    const all = {};
    for (let left = chance(70) ? 1 : 1 + below(3); left > 0; left--) {
      const [name, operand] = operator(depth);
      all[name] = operand;
      if (name === "$regex" && chance(50)) all.$options = chance(88) ? pick(FLAGS) : chance(50) ? value(1) : [pick(FLAGS)];
    }
    if (chance(2)) all.$options = pick(FLAGS);
    if (chance(2)) all[pick([...UNKNOWN, "a", "1"])] = scalar();
    return all;
  };
  const element = (depth) => (depth === 0 || chance(50) ? operators(0) : query(depth - 1));
  const test = (depth) => {
    const kind = below(100);
    if (kind < 34) return scalar();
    if (kind < 41) return null;
    if (kind < 46) return value(2);
    if (kind < 48) return { [pick(UNKNOWN)]: chance(50) ? scalar() : operators(0) };
    return operators(depth);
  };
  const query = (depth = 1) => {
    const all = {};
    for (let left = chance(60) ? 1 : 1 + below(3); left > 0; left--) {
      const kind = below(100);
      if (kind < 93) all[path()] = test(depth);
      else if (kind < 97) all[pick(UNKNOWN)] = chance(50) ? few(2, () => query(0)) : query(0);
      else if (kind < 98) all[operator(0)[0]] = scalar();
      else if (kind < 99) all[pick(INHERITED)] = scalar();
      else all[`${pick(["0", "1"])}`] = test(depth);
    }
    return all;
  };
  /** What stands under `conditions`, also what is falsy or no query at all. */
  const stated = () => {
    const kind = below(100);
    if (kind < 26) return undefined;
    if (kind < 32) return {};
    if (kind < 35) return pick([null, 0, "", false, true, 5, "ab", [], [1], [{ a: 1 }], [{ $gt: 1 }], { $options: "i" }, { a: { $options: "i" } }, "${user.id}"]);
    return query();
  };
  return { query, stated };
}
