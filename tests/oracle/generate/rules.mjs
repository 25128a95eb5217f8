// Lists of rules: order, inversion, everything and anything, fields and their patterns.

export const ACTIONS = ["read", "update", "delete"];
export const SUBJECTS = ["Post", "Comment"];

// No `${user.id}` here: Open Archiver's validator lets only its own actions and subjects in, and no route asks for a field.
const FIELDS = ["a", "b", "author", "author.", "author.x", "author.x.y", "author.*", "author..x", "x.name", ".name", "name", "a.b", "a.xb", "a.x.b", "axb", "ab", "a\nb", "a.\nb", "", "a.\u{10000}", "*", "a*", "$", "a?", "(a)"];
const PATTERNS = ["*", "**", "author.*", "author.**", "*.name", "**.name", "author.*.city", "author.*.*", "a.*b", "a*", "*a", "a.**.b", "a**", "***", "*.*", "a.*.", ".*", ".*.", "*.", "a*.b", "a.b*", "a?*", "(a)*", "$*", "a.**x", "*b*", "a.*.*b"];
const PIECES = ["a", "b", "x", ".", ".", "*", "*", "**", "$", "^", "-", "name"];

export function rules(random, made, asked) {
  const { below, pick } = random;
  const { chance } = made;
  const pattern = () => (chance(60) ? pick(PATTERNS) : Array.from({ length: 1 + below(5) }, () => pick(PIECES)).join(""));
  const field = () => (chance(65) ? pick(FIELDS) : pattern());
  const action = (names) => (chance(30) ? Array.from({ length: below(3) + (chance(90) ? 1 : 0) }, () => pick(names)) : pick(names));

  const fields = () => {
    const kind = below(100);
    if (kind < 72) return undefined;
    if (kind < 73) return pick([[], null, "", false, 0]);
    if (kind < 78) return field();
    return Array.from({ length: 1 + below(3) }, () => (chance(50) ? field() : pattern()));
  };
  const rule = ({ anyAction = "manage", anySubjectType = "all" }) => {
    const one = { action: action([...ACTIONS, "read", anyAction, "manage"]) };
    if (chance(95)) one.subject = action([...SUBJECTS, "Post", anySubjectType, "all"]);
    else if (chance(50)) one.subject = pick([null, "", false, 0]);
    const conditions = asked.stated();
    if (conditions !== undefined) one.conditions = conditions;
    const limits = fields();
    if (limits !== undefined) one.fields = limits;
    if (chance(38)) one.inverted = true;
    else if (chance(4)) one.inverted = pick([false, null, 0, 1, "", "false", [], {}]);
    if (chance(5)) one.reason = pick(["because", "", null]);
    return one;
  };
  const list = (options) => Array.from({ length: chance(3) ? 0 : 1 + below(chance(80) ? 3 : 6) }, () => rule(options));
  return { list, field };
}
