// Valid native snapshots from a seed: written from docs/reference/native-snapshot.md, not from the schema, so that the two can disagree.

const COMBINING = ["additive", "deny-overrides", "last-applicable", "first-applicable"];
const TIMES = ["2026-01-01T00:00:00Z", "2024-02-29t23:59:60.125z", "2027-01-01 00:00:00.5+02:00", "1999-12-31T23:59:59-23:59"];
const ACTIONS = ["read", "*", "export:*", "export:pdf", "*:all", "öffnen", "a.b", "@x", { literal: "a/b" }, { literal: "Invoke*" }, { literal: "two words" }];
const RESOURCES = [
  "invoice", "*", "folder/*/draft", "folder/f1", "*/x", "x/-1", { literal: "urn:x/1" }, { literal: "{a}/*" }, { type: "order", id: "gid://shop/Order/5" },
  { type: { literal: "App\\Order" }, id: "/a//b " }, { type: "a/b", id: { literal: "{*}" } }, { type: "page", id: "https://x.test/?a=1,2;(3)|%20" },
];
const PERMISSIONS = ["invoice:read", "*", "*:*", "*:read", "read", "folder/*:export:pdf", "folder/f1:*", "a.b", { literal: "App\\Order:two words" }, { literal: "!*" }];
const REQUIRED = ["invoice:read", "read", "folder/f1:export:pdf", "a/b:c", { literal: "*" }, { literal: "(a):b/c" }];
const PATHS = ["/", "/invoices/{id}", "/files/**", "/**/", "**", "relative", "/a/b:c/", "/{a-b_1}/x/**/", { literal: "/f/:id/*" }, { literal: "//" }];
const PATTERNS_OF_FIELDS = ["total", "customer.*", "**", "", "a/b:c", "constructor", "0", { literal: "a b" }, { literal: "" }];
const FIELDS = ["total", "customer.name", "", "constructor", "__proto__", "a.", "0"];
const SCALARS = ["sales", "", "${principal.id}", "${principal.attributes.department}", 0, -1.5, 9007199254740991, true, false, null];

/** Mulberry32: the same numbers on every machine. */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end) => Math.floor(next() * end);
  const chance = (percent) => next() * 100 < percent;
  const one = (list) => list[below(list.length)];
  const some = (most, make) => Array.from({ length: below(most + 1) }, (_, index) => make(index));
  return { below, chance, one, some };
}

/** One valid snapshot. Nothing occurs twice and nothing runs in a loop; some ids lead nowhere. */
export function snapshot(seed) {
  const r = random(seed);
  const denies = r.chance(75);
  const combining = denies ? r.one(COMBINING.slice(1)) : "additive";
  /** Each field is there or not, so that none can lean on another. */
  const maybe = (fields, percent = 45) => Object.fromEntries(Object.entries(fields).filter(() => r.chance(percent)).map(([key, make]) => [key, make()]));
  const id = (kind, index) => `${kind}${index}`;
  const name = () => r.one(["A name", "", "名前"]);
  const tenant = () => r.one(["tenant0", "tenant1", "elsewhere"]);
  /** Where a tenant is referred to. */
  const within = () => r.one(["tenant0", "tenant1", "https://x.test/a", { literal: "a*" }]);
  const scalar = () => r.one(SCALARS);
  const anything = () => r.one([...SCALARS, [], {}, [1, "a", null], { deep: [{ deeper: {} }] }]);

  const operators = (depth) => {
    const ordered = () => r.one([1, -0.5, "m", "${principal.attributes.level}"]);
    const list = () => r.some(3, anything);
    const all = {
      $eq: anything, $ne: anything, $lt: ordered, $lte: ordered, $gt: ordered, $gte: ordered, $in: list, $nin: list, $all: list,
      $size: () => r.one([0, 2, -1, 0.5]), $exists: () => r.chance(50),
      $elemMatch: () => (depth > 0 && r.chance(60) ? operators(depth - 1) : conditions(depth - 1)),
    };
    const chosen = maybe(all, 12);
    return Object.keys(chosen).length > 0 ? chosen : { $eq: anything() };
  };
  /** `fromEntries` makes an own member of `__proto__` too. */
  const conditions = (depth = 1) => Object.fromEntries(r.some(2, () => [r.one(FIELDS), depth >= 0 && r.chance(50) ? operators(depth) : scalar()]));

  const grant = () => ({
    ...(r.chance(50) ? { permissions: r.some(2, () => r.one(PERMISSIONS)) } : { actions: r.some(2, () => r.one(ACTIONS)), ...maybe({ resources: () => r.some(2, () => r.one(RESOURCES)) }) }),
    ...maybe({
      effect: () => (denies && r.chance(50) ? "deny" : "allow"),
      conditions,
      fields: () => [r.one(PATTERNS_OF_FIELDS), ...r.some(1, () => r.one(PATTERNS_OF_FIELDS))],
      reason: name,
      priority: () => r.one([0, -7, 2147483647, -2147483648]),
      scope: within,
    }, 35),
  });
  const grants = () => r.some(2, grant);
  const role = () => r.one(["role0", "role1", "no such role"]);
  const assignments = () => r.some(2, () => (r.chance(50) ? role() : { role: role(), ...maybe({ scope: within }) }));

  const requirement = () => r.one([
    () => ({ anyOf: r.some(2, () => r.one(REQUIRED)) }),
    () => ({ allOf: r.some(2, () => r.one(REQUIRED)) }),
    () => ({ action: r.one(["read", "a:b", { literal: "*" }]), subject: r.one(["invoice", "a/b", { literal: "a:b" }]), check: r.one(["type", "instance"]) }),
    () => ({ authenticated: true }),
    () => ({ none: true }),
  ])();

  const payloads = {
    combining,
    ...maybe({
      registry: () => r.one(["open", "closed"]),
      permissions: () => r.some(2, (index) => ({ name: r.one(["", "invoice:", "a/b:c:", ":"]) + id("permission", index), ...maybe({ displayName: name, description: name, category: name, system: () => r.chance(50) }) })),
      tenants: () => r.some(2, (index) => ({ id: id("tenant", index), ...maybe({ parent: () => id("tenant", index + 1) }) })),
      resources: () => r.some(2, (index) => ({ type: r.one(["folder", "a/b"]), id: r.one([id("r", index), `gid://${index}/`, { literal: `*${index}` }]), ...maybe({ parent: () => ({ type: "top", id: r.one(["t", "t/u"]) }) }) })),
      roles: () => r.some(2, (index) => ({ key: id("role", index), ...maybe({ name, description: name, tenant: within, inherits: () => r.some(2, (further) => id("role", index + 1 + further)), superuser: () => r.chance(50), grants }) })),
      groups: () => r.some(2, (index) => ({ id: id("group", index), ...maybe({ name, tenant: within, memberOf: () => r.some(2, (further) => id("group", index + 1 + further)), roles: assignments, grants }) })),
      principals: () => r.some(2, (index) => ({
        id: id("principal", index),
        ...maybe({
          type: () => r.one(["user", "client", "service"]), name, aliases: () => r.some(2, () => r.one(["a@acme.test", "b@acme.test"])), tenant,
          status: () => r.one(["active", "suspended"]), validFrom: () => r.one(TIMES), validUntil: () => r.one(TIMES),
          roles: assignments, groups: () => r.some(2, (group) => id("group", group)), grants,
          attributes: () => Object.fromEntries(r.some(2, () => [r.one(FIELDS), anything()])),
        }),
      })),
      endpoints: () => r.some(2, () => ({ method: r.one(["GET", "post", "*"]), path: r.one(PATHS), requires: requirement() })),
    }, 50),
  };
  const nullable = (make) => () => (r.chance(20) ? null : make());
  return {
    system: "latchgate",
    payloads,
    ...maybe({
      $schema: name, format: () => 1, serverVersion: nullable(name), tenant: nullable(tenant), version: nullable(name), etag: nullable(name),
      issuedAt: nullable(() => r.one(TIMES)), expiresAt: nullable(() => r.one(TIMES)), options: nullable(() => ({})),
    }, 30),
  };
}
