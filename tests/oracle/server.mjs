// What Open Archiver's server does around CASL (rules A1, A9, A10, A14, A15, A23, A25), as few lines as will do.

const fold = (value) => (typeof value === "string" ? value.trim().toLowerCase() : value);

/** The ability of a user with these policies, what becomes of a record, and what becomes of a list. */
export function openArchiver(oracle, policies, user) {
  // A9: in the text, before anything is read.
  const text = JSON.stringify(policies).replaceAll("${user.id}", () => user);
  const ability = oracle.createMongoAbility(JSON.parse(text).map((policy) => (policy.conditions ? { ...policy, conditions: query(policy.conditions) } : policy)));
  return {
    ability,
    // A10
    record: (record) => (typeof record.userEmail === "string" ? { ...record, userEmail: fold(record.userEmail) } : record),
    list: (action, subject) => list(oracle, ability, action, subject),
  };
}

// A10
function query(conditions) {
  const folded = {};
  for (const [key, value] of Object.entries(conditions)) {
    if (["$or", "$and", "$nor"].includes(key)) folded[key] = Array.isArray(value) ? value.map(query) : value;
    else if (key === "$not") folded[key] = value && typeof value === "object" ? query(value) : value;
    else folded[key] = key === "userEmail" ? operand(value) : value;
  }
  return folded;
}

function operand(value) {
  if (Array.isArray(value)) return value.map(fold);
  if (!value || typeof value !== "object") return fold(value);
  const foldedAt = (key, inner) => {
    if (["$eq", "$ne"].includes(key)) return fold(inner);
    if (["$in", "$nin"].includes(key)) return Array.isArray(inner) ? inner.map(fold) : fold(inner);
    return inner;
  };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, foldedAt(key, inner)]));
}

/** A14: "all", "none" or "conditions". */
function list(oracle, ability, action, subject) {
  if (ability.rulesFor(action, subject).length === 0) return "none";
  const wanted = oracle.extra.rulesToQuery(ability, action, subject, (rule) => (rule.inverted ? { $not: rule.conditions } : rule.conditions));
  if (wanted === null) return "none";
  if (Object.keys(wanted).length === 0) return "all";
  // A15: the server takes what is translated to nothing for "nothing may be seen". Both translations have to succeed (A25 f).
  const restricts = toSql(wanted);
  const text = toSearch(wanted);
  return restricts && text !== "" ? "conditions" : "none";
}

/** A23: whether any clause comes of it. */
function toSql(wanted) {
  let clauses = 0;
  // Inherited members count there; plain data has none.
  for (const key in wanted) {
    const value = wanted[key];
    if (key === "$or" || key === "$and") clauses += value.map(toSql).some(Boolean) ? 1 : 0;
    else if (key === "$not") clauses += toSql(value) ? 1 : 0;
    else if (typeof value === "object" && value !== null) clauses += sqlClause(...Object.entries(value)[0] ?? []);
    else clauses++;
  }
  return clauses > 0;
}

function sqlClause(operator, operand) {
  if (["$in", "$nin"].includes(operator) && !Array.isArray(operand)) throw new TypeError("a list is expected");
  return ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists"].includes(operator) ? 1 : 0;
}

/** A25 (f): the other translation, as text; only whether it is empty counts. */
function toSearch(wanted) {
  return Object.keys(wanted)
    .map((key) => {
      const value = wanted[key];
      if (key === "$or") return `(${value.map(toSearch).join(" OR ")})`;
      if (key === "$and") return `(${value.map(toSearch).join(" AND ")})`;
      if (key === "$not") return `NOT (${toSearch(value)})`;
      if (typeof value !== "object" || value === null) return "=";
      const [operator, operand] = Object.entries(value)[0] ?? [];
      if (["$in", "$nin"].includes(operator)) return operand.map(String).join();
      if (!["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$exists"].includes(operator)) throw new Error("unsupported operator");
      return operator;
    })
    .join(" AND ");
}
