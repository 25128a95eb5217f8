// Native snapshots, and records for databases, drawn from a seed. `LATCHGATE_SEED` sets another one.

import { generator } from "../../scripts/lib/random.mjs";

export const seed = Number(process.env.LATCHGATE_SEED ?? 1);

const TEXTS = ["x", "u1", "sales", "", "1", "Größe", "it's", 'a"b', "\u{ff61}", "X", "GRÖSSE", "größe", "😀", " x", "x\t", "é", "e\u0301"];
const NUMBERS = [0, 1, 2, -1, 2.5, 2 ** 53 - 1];
const IDS = ["d1", "d2", "d10", "d1/p1", "d1/p1/x", "d2/p1", "d1//p1", "", "/d1", 'd"1', "D1", "d%", "5", "05", "-1", "1e+21", "gid://shop/Order/5", "https://x.test/a", "d1/", "//", "a:b", "*"];
/** Of a column that holds numbers; whole numbers beyond those of a double are texts of a row. */
const NUMBER_IDS = [5, 0, -1, 7, 2.5, 1e21, 2 ** 53 - 1];

/** Records that a snapshot names by their ids. */
const NAMED = ["gid://shop/Order/5", "/d1", "d1//p1", "d1/", "05", "0", "1e+21", "9007199254740991", "a:b", { literal: "*" }, "5"].map((id) => ({ type: "doc", id }));

/** Addresses that some fold to one and others do not: beyond ASCII, with final sigma, with blanks of every kind. */
export const ADDRESSES = ["ab@x.io", "AB@X.IO", " ab@x.io ", "\tab@x.io", "ab@x.io\u00a0", "\ufeffab@x.io", "ÄB@x.io", "äb@X.io", "İ@x.io", "i@x.io", "i\u0307@x.io", "ı@x.io", "ΑΣ@x.io", "ας@x.io", "ασ@x.io", "STRASSE@x.io", "Straße@x.io", "STRAẞE@x.io", "K@x.io", "\u212a@x.io", "ﬀ@x.io", "😀@x.io", "", " "];

/** Policies of Open Archiver on whose mails may be read, and rows of mails. */
export function drawMails(seed) {
  const { below, pick } = generator(seed);
  const list = (most, one) => Array.from({ length: below(most + 1) }, one);
  const address = () => pick(ADDRESSES);
  const test = () => {
    switch (below(5)) {
      case 0: return address();
      case 1: return { $eq: address() };
      case 2: return { $ne: address() };
      case 3: return { $in: list(3, address) };
      default: return { $nin: list(3, address) };
    }
  };
  const conditions = () => {
    switch (below(6)) {
      case 0: return { $not: { userEmail: test() } };
      case 1: return { $or: [{ userEmail: test() }, { status: pick(["open", "OPEN", "Ä"]) }] };
      case 2: return { userEmail: test(), status: pick([{ $ne: "ä" }, { $in: ["open", "Ä"] }]) };
      default: return { userEmail: test() };
    }
  };
  const policy = () => ({ action: "read", subject: "archive", ...(below(100) < 85 ? { conditions: conditions() } : {}), ...(below(100) < 45 ? { inverted: true } : {}) });
  const snapshot = () => ({
    system: "open-archiver",
    payloads: { roles: [{ id: "r", name: "r", policies: [...(below(2) ? [{ action: "read", subject: "archive" }] : []), ...Array.from({ length: 1 + below(3) }, policy)] }], users: [{ id: "u1", email: "u@x.io", roles: ["r"] }] },
  });
  const row = () => ({ userEmail: pick([...ADDRESSES, null]), status: pick(["open", "OPEN", "Ä", "ä", null]) });
  return { snapshot, row };
}

export function draw(seed) {
  const { below, pick } = generator(seed);
  const chance = (percent) => below(100) < percent;
  const list = (most, one) => Array.from({ length: below(most + 1) }, one);
  const scalar = () => pick([...TEXTS, ...NUMBERS, true, false, null, "${principal.id}", "${principal.attributes.dep}", "${principal.attributes.none}"]);
  const plain = () => pick([...TEXTS, ...NUMBERS, true, false, null]);
  const ofType = { owner: () => pick([...TEXTS, null, "${principal.id}"]), age: () => pick([...NUMBERS, null]), active: () => pick([true, false, null]) };

  function operators(value, lists) {
    const one = () => {
      switch (below(lists ? 12 : 9)) {
        case 0: return { $eq: value() };
        case 1: return { $ne: value() };
        case 2: return { $in: list(3, value) };
        case 3: return { $nin: list(3, value) };
        case 4: return { $lt: order(value) };
        case 5: return { $lte: order(value) };
        case 6: return { $gt: order(value) };
        case 7: return { $gte: order(value) };
        case 8: return { $exists: chance(50) };
        case 9: return { $size: below(3) };
        case 10: return { $all: list(2, value) };
        default: return { $elemMatch: chance(50) ? { k: chance(50) ? value() : operators(value, false) } : operators(value, false) };
      }
    };
    return chance(25) ? { ...one(), ...one() } : one();
  }
  function order(value) {
    const drawn = value();
    return typeof drawn === "number" || (typeof drawn === "string" && !drawn.startsWith("$")) ? drawn : pick([1, "u1"]);
  }

  /** `loose`: attributes are of any type and may be lists. */
  function conditions(loose) {
    const all = {};
    for (let count = 1 + below(2); count > 0; count--) {
      const typed = pick(["owner", "age", "active"]);
      const path = loose ? pick(["owner", "age", "active", "tags", "a.b", "items.k", "deep.x.y", "id"]) : typed;
      const value = loose || chance(10) ? scalar : ofType[typed];
      all[path] = chance(40) ? value() : operators(value, loose);
    }
    return all;
  }

  function grant(loose, denies) {
    const grant = { actions: [pick(["read", "read", "*", "write"])] };
    if (chance(80)) grant.resources = list(2, () => pick(["doc", "doc", "doc", "doc/d1", "doc/*/p1", "doc/d2", "folder/f1", "*", "doc/*", "doc/5", "doc/-1", "doc/2.5", ...NAMED]));
    if (chance(70)) grant.conditions = conditions(loose);
    if (denies && chance(35)) grant.effect = "deny";
    if (chance(20)) grant.priority = pick([1, 2, -1]);
    return grant;
  }

  function snapshot(loose) {
    const combining = pick(["deny-overrides", "deny-overrides", "additive", "last-applicable", "first-applicable"]);
    const grants = Array.from({ length: 1 + below(4) }, () => grant(loose, combining !== "additive"));
    const parent = { type: "folder", id: "f1" };
    const resources = [parent, { type: "doc", id: "d2", parent }];
    return { format: 1, system: "latchgate", payloads: { combining, resources, principals: [{ id: "u1", grants, attributes: { dep: "sales" } }] } };
  }

  /** As a row is read: each attribute is there and of its column's type, or null. */
  const row = () => ({ id: pick([...IDS, null]), owner: pick([...TEXTS, null]), age: pick([...NUMBERS, null]), active: pick([true, false, null]) });

  function record() {
    const record = {};
    const put = (key, value) => chance(75) && (record[key] = value());
    put("id", () => pick([...IDS, ...IDS, null, ...NUMBER_IDS, true, false, ["5"], [], {}, { id: "5" }]));
    for (const key of ["owner", "age", "active"]) put(key, () => (chance(15) ? list(3, plain) : plain()));
    put("tags", () => (chance(15) ? [list(2, plain)] : list(3, plain)));
    put("a", () => pick([{ b: plain() }, [{ b: plain() }, { b: plain() }, {}], {}, plain(), [[{ b: plain() }]]]));
    put("items", () => list(3, () => pick([{ k: plain() }, { k: list(2, plain) }, plain(), {}])));
    put("deep", () => pick([{ x: { y: plain() } }, { x: [{ y: plain() }, 1] }, { x: null }, null, { x: plain() }]));
    return record;
  }

  /** The same where ids are numbers. */
  const numbered = () => ({ ...row(), id: pick([...NUMBER_IDS, null]) });

  return { below, pick, chance, list, plain, snapshot, row, numbered, record };
}
