// A snapshot with one thing changed, for every node and every kind of change. Whether the result is still valid is for the
// schema and the engine to say, each for itself.

const ENUMS = new Map(Object.entries({
  combining: ["additive", "deny-overrides", "last-applicable", "first-applicable"], registry: ["open", "closed"], effect: ["allow", "deny"],
  type: ["user", "client", "service"], status: ["active", "suspended"], check: ["type", "instance"], system: ["latchgate"],
}));
const TIMES = new Set(["validFrom", "validUntil", "issuedAt", "expiresAt"]);
const BAD_TIMES = [
  "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00Z", "2026-1-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z",
  "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z",
  "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00Zx", " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z\n",
  "２026-01-01T00:00:00Z", "2026-01-01_00:00:00Z", "+2026-01-01T00:00:00Z", "now",
];
const NO_SUCH_DAY = ["2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z"];
const GOOD_TIMES = ["2024-02-29T00:00:00Z", "0000-01-01T00:00:00z", "2026-01-01t00:00:60.0000000001-00:00"];
const PATTERNS = ["a//b", "/a", "a/", "/", "//", ":", "::", "a:", ":a", "a::b", "a:b:", "a/:b", "/a:b", "a//b:c", "a:b/", "a:/b", "a/b", "a:b", "a\nb", "**", "*/*", " ",
  // As others write patterns, and what only looks like it.
  "Invoke*", "*voke", "a*b", "api/**", "doc/**:read", "doc/*:read", "users/:id", ":id", "{id}", "a/{id}", "{id", "${a}", "$a", "a$", "<id>", "(a|b)", "a|b", "a,b", "a;b", "a b",
  "a ", "\u00a0a", "a\u200bb", "\u2066a", "a?", "[a-z]", "a]", "^a", "a.*", ".*", ".+", "a.b", "!a", "a!", "-a", "a-b", "doc/-1", "+a", "~a", "a\\b", "App\\Post:read", "50%", "a%2Fb", ".", "..", "...",
  "a/.", "a/../b", "./a:b", "a:..", "a:.b", "a:b/c", "doc/5:read", "#a", "a=b", "@a", "'a'", "*:*", "*:read", "a:b:*", "*.read", "öffnen", "名前:読む", "a\u0085b", "\ufeffa", "a\u3000b",
];
/** Objects in the place of a text. */
const OBJECTS = [
  { literal: "a" }, { literal: "Invoke*" }, { literal: "" }, { literal: "a//b" }, { literal: "a::b" }, { literal: ":a" }, { literal: "a:b/c" }, { literal: "a/b:c" }, { literal: "/" }, { literal: 5 },
  { literal: "a", type: "b" }, { literal: { literal: "a" } }, {}, { type: "a", id: "b" }, { type: "a", id: 5 }, { type: "a", id: "" }, { type: "a", id: "*" }, { type: "a", id: ":b" }, { type: "a", id: "b:c" },
  { type: "*", id: "b" }, { type: "a//b", id: "c" }, { type: "a b", id: "c" }, { type: { literal: "a b" }, id: { literal: "*" } }, { type: "a" }, { id: "a" }, { type: "a", id: "{b}" }, { type: "a", id: "/b//" },
];
const METHODS = ["", "get", "M-SEARCH", "ANY", "all", "alle", "*", "**", "GET|POST", "GET,POST", "GET ", "GET*", "Ä", "_a", "1"];
const TEXTS = new Set(["scope", "tenant", "action", "subject", "type", "id"]);
const PATHS = [
  "/f/:id", "/:id", "/f/*", "*", "/f/*rest", "/f*", "/f/<id>", "/f/<int:id>", "/f/{id:[0-9]+}", "/f/{id?}", "/f/{*rest}", "/f/{rest...}", "/f/{}", "/f/{1a}", "/f/{a-b}", "/f/{a_1}", "/f/{é}", "/{a}{b}",
  "/f/{id}.json", "/f/{id}:archive", "/f:archive", "/f/(.*)", "/f/a|b", "/f?x=1", "/f#x", "/f/a%20b", "/f/a b", "/f/.", "/f/../g", "/f/.g", "/$f", "/f,g", "/f;g", "/[f]", "^/f$", "/f\\g", "/f/", "f/g", "///", "/f//",
  "/é", "/f@g", "/f=1&g", "/-f", "/!f", "/**/a", "**/a", "/a/**/b", "/a/**//b", "/**/**", "/a/**", "/a/**/", "/a/**//", "/a**/b", "/**a/b", "//", "/{", "/a\n/**/b"];
const UNKNOWN = ["unknown", "Literal", "Name", "effects", "toString", "__proto__", "constructor"];
/** Every field of every object: most are unknown wherever they do not belong. */
const FIELDS = [
  "$schema", "literal", "format", "system", "serverVersion", "tenant", "version", "etag", "issuedAt", "expiresAt", "options", "payloads", "combining", "registry", "permissions", "tenants",
  "resources", "roles", "groups", "principals", "endpoints", "name", "displayName", "description", "category", "id", "parent", "type", "key", "inherits", "superuser",
  "grants", "memberOf", "aliases", "status", "validFrom", "validUntil", "attributes", "role", "scope", "effect", "actions", "conditions", "fields", "reason", "priority",
  "method", "path", "requires", "anyOf", "allOf", "action", "subject", "check", "authenticated", "none",
  "$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$elemMatch", "$exists", "$or", "$and", "$not", "$where",
];
const OTHER_TYPES = [true, false, 0, 1, 1.5, -1, "text", "*", [], ["text"], [null], [{}], {}, { unknown: 1 }, { $eq: 1 }, { $unknown: 1 }];

/** Puts it there even where the name is `__proto__`. */
const put = (object, key, value) => Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });

/**
 * Calls `visit(kind)` once for every change, while the snapshot is changed. `r` picks where trying everything is too much.
 */
export function mutate(root, r, visit) {
  const nodes = [];
  const collect = (parent, key) => {
    const value = parent[key];
    nodes.push({ parent, key, value });
    if (typeof value === "object" && value !== null) for (const inner of Object.keys(value)) collect(value, inner);
  };
  const holder = { root };
  collect(holder, "root");

  for (const { parent, key, value } of nodes) {
    const replace = (kind, other) => {
      put(parent, key, other);
      visit(kind, holder.root);
      put(parent, key, value);
    };
    replace("null", null);
    for (let times = 0; times < 3; times++) replace("wrong type", r.one(OTHER_TYPES));
    replace("transplant", structuredClone(r.one(nodes).value));
    if (parent !== holder) missing(parent, key, value, () => visit("missing", holder.root));
    if (typeof value === "string") changeText(key, value, parent, r, replace);
    if (typeof value === "number") for (const [kind, other] of [["wrong number", value + 0.5], ["wrong number", r.one([2 ** 31, -(2 ** 31) - 1, 2])], ["number beyond 2^53", r.one([2 ** 53, -1e300])]]) replace(kind, other);
    if (Array.isArray(value)) changeList(value, r, replace);
    else if (typeof value === "object" && value !== null) changeObject(value, nodes, r, replace);
  }
}

/** As if it had not been written; what came behind it still comes behind it. */
function missing(parent, key, value, visit) {
  if (Array.isArray(parent)) {
    parent.splice(Number(key), 1);
    visit();
    parent.splice(Number(key), 0, value);
    return;
  }
  const members = Object.entries(parent);
  delete parent[key];
  visit();
  for (const [name] of members) delete parent[name];
  for (const [name, member] of members) put(parent, name, member);
}

function changeText(key, value, parent, r, replace) {
  replace("empty text", "");
  if (r.chance(20)) replace("U+0000", `${value}\0`);
  // A resource has a `type` too, of any name.
  if (ENUMS.get(key)?.includes(value)) {
    for (const other of ENUMS.get(key)) replace("other enum value", other);
    for (const other of [`${value}s`, value.toUpperCase(), ` ${value}`]) replace("bad enum value", other);
  }
  if (TIMES.has(key)) {
    for (const other of BAD_TIMES) replace("bad time", other);
    for (const other of GOOD_TIMES) replace("other time", other);
    for (const other of NO_SUCH_DAY) replace("no such day", other);
  }
  if (key === "path") for (const other of PATHS) replace("path", other);
  if (key === "method") for (const other of METHODS) replace("method", other);
  if (TEXTS.has(key)) for (let times = 0; times < 3; times++) replace("pattern", r.one(PATTERNS));
  if (key === "literal") for (let times = 0; times < 2; times++) replace("literal", r.one(PATTERNS));
  if (Array.isArray(parent) || key === "path" || TEXTS.has(key)) replace("object for a text", structuredClone(r.one(OBJECTS)));
  if (Array.isArray(parent)) for (let times = 0; times < 6; times++) replace("pattern", r.one(PATTERNS));
}

function changeList(value, r, replace) {
  replace("empty list", []);
  replace("item of another type", [...value, r.one([null, 7, "", true, [], {}])]);
  if (value.length > 0) replace("repeated item", [...value, structuredClone(value[0])]);
}

function changeObject(value, nodes, r, replace) {
  replace("empty object", {});
  const added = (name, member) => {
    if (Object.hasOwn(value, name)) return undefined;
    const copy = Object.fromEntries(Object.entries(value));
    return put(copy, name, member);
  };
  const add = (kind, name, member) => {
    const changed = added(name, member);
    if (changed) replace(kind, changed);
  };
  add("unknown field", r.one(UNKNOWN), r.one([null, 1, "text", [], {}]));
  for (let times = 0; times < 3; times++) {
    const name = r.one(FIELDS);
    // As a rule a member of that name from elsewhere, so that only its place is wrong.
    const elsewhere = nodes.filter((node) => node.key === name);
    add("field of another object", name, elsewhere.length > 0 ? structuredClone(r.one(elsewhere).value) : r.one(["text", [], {}, true, ["a:b"]]));
  }
}
