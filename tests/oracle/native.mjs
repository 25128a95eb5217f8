// Conditions of native snapshots by themselves (N18), from the rules alone: nothing is coerced, a path goes through lists, what it ends on
// is taken whole.

export function nativeHolds(query, record) {
  return Object.entries(query).every(([key, asked]) => field(key.split("."), asked, record));
}

function field(path, asked, value) {
  const tests = typeof asked === "object" && asked !== null ? Object.entries(asked) : [["$eq", asked]];
  return tests.every(([operator, operand]) => {
    const found = walk(value, path);
    if (operator === "$exists") return found.length > 0 === operand;
    const some = found.some((one) => fits(POSITIVE[operator] ?? operator, operand, one));
    return operator in POSITIVE ? !some : some;
  });
}

const POSITIVE = { $ne: "$eq", $nin: "$in" };

function walk(value, path) {
  if (path.length === 0) return [value];
  if (Array.isArray(value)) return value.flatMap((item) => walk(item, path));
  const [name, ...rest] = path;
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? walk(value[name], rest) : [];
}

function fits(operator, operand, value) {
  if (!Array.isArray(value)) return plain(operator, operand, value);
  if (operator === "$all") return operand.every((wanted) => value.includes(wanted));
  if (operator === "$size") return value.length === operand;
  if (operator === "$elemMatch") return value.some((item) => element(operand, item));
  return value.some((item) => fits(operator, operand, item));
}

const element = (inner, item) => (Object.keys(inner).some((key) => key.startsWith("$")) ? field([], inner, item) : nativeHolds(inner, item));

function plain(operator, operand, value) {
  const ordered = typeof value === typeof operand && (typeof value === "number" || typeof value === "string");
  switch (operator) {
    case "$eq": return value === operand && (typeof value !== "object" || value === null);
    case "$in": return operand.includes(value);
    case "$lt": return ordered && value < operand;
    case "$lte": return ordered && value <= operand;
    case "$gt": return ordered && value > operand;
    case "$gte": return ordered && value >= operand;
    default: return false;
  }
}
