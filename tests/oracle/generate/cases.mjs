// A case: a list of rules and questions about it. Everything hangs on the seed and the case's number alone.

import { generator } from "../../../scripts/lib/random.mjs";
import { conditions } from "./conditions.mjs";
import { ACTIONS, rules, SUBJECTS } from "./rules.mjs";
import { copied, strange } from "./strange.mjs";
import { NAMES, values } from "./values.mjs";

/** `{ options, user, rules, isStrange, asks }`; an ask is `{ kind, action, subject, record?, field? }`. */
export function makeCase(seed, number) {
  // Neighbouring seeds give neighbouring numbers at first.
  const random = generator(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const made = values(random);
  const asked = conditions(random, made);
  const ruled = rules(random, made, asked);
  const { below, pick } = random;
  const { chance } = made;

  const options = chance(5) ? { anyAction: pick(["any", "read"]), anySubjectType: pick(["every", "Post"]) } : {};
  const list = plain(ruled.list(options));
  const queries = list.map((rule) => rule.conditions).filter((query) => typeof query === "object" && query !== null);

  // Rules are always as JSON has them; of the records some are as programs have them.
  const isStrange = chance(25);
  const held = isStrange ? values(random, () => (chance(20) ? [strange(random)] : undefined)) : made;
  const record = () => {
    const one = held.object(3);
    for (const name of NAMES) if (!(name in one) && chance(25)) one[name] = held.value(2);
    // Otherwise most tests would be of what is not there.
    for (const query of queries) for (const [path, test] of Object.entries(query)) if (chance(55)) plant(one, path, answerTo(test));
    // CASL 6 asks a record by this name whether it has another.
    if (chance(1)) one.hasOwnProperty = made.value(1);
    // An operand and a value must not be one and the same object: in CASL they would be equal then.
    return isStrange ? copied(one) : plain(one);
  };
  /** A value that the test may well be about. */
  const answerTo = (test, depth = 2) => {
    if (typeof test !== "object" || test === null) return chance(25) ? [made.scalar(), test] : test;
    const operands = Object.entries(test);
    if (operands.length === 0) return made.value(1);
    const [name, operand] = pick(operands);
    if (Array.isArray(operand)) return chance(40) ? [...operand] : operand.length > 0 ? pick(operand) : null;
    if (name === "$size" && typeof operand === "number") return Array.from({ length: Math.max(0, Math.min(4, operand)) }, () => made.value(1));
    if (name === "$elemMatch" && typeof operand === "object" && operand !== null && depth > 0) {
      const item = {};
      for (const [path, inner] of Object.entries(operand)) {
        if (path.startsWith("$")) return [answerTo(operand, depth - 1), made.scalar()];
        plant(item, path, answerTo(inner, depth - 1));
      }
      return chance(60) ? [item] : [made.value(1), item];
    }
    if (typeof operand === "number" && Math.abs(operand) < 1e15) return pick([operand, operand + 1, operand - 1, `${operand}`, [operand], [operand - 1, operand + 1]]);
    return chance(25) ? [operand, made.scalar()] : operand;
  };
  const plant = (into, path, value) => {
    // Behind a list a number is a place in the list that the walk through it makes: what stands there need not be in a list itself.
    const isWalked = path.includes(".") && chance(35);
    const steps = path.split(".").filter((step, index) => index === 0 || !isWalked || !/^\d$/.test(step));
    if (isWalked && chance(20)) value = [[value]];
    let place = into;
    for (const [index, step] of steps.entries()) {
      if (Array.isArray(place) && !/^\d$/.test(step)) {
        if (!isOpen(place[0]) || Array.isArray(place[0])) place[0] = {};
        place = place[0];
      }
      if (Array.isArray(place)) while (place.length < Number(step)) place.push(null);
      if (index === steps.length - 1) return put(place, step, value);
      let next = Object.prototype.hasOwnProperty.call(place, step) ? place[step] : undefined;
      if (!isOpen(next)) put(place, step, (next = chance(isWalked ? 75 : 35) ? [{}] : {}));
      place = next;
    }
  };
  const ask = () => {
    const action = pick([...ACTIONS, "read", "read", options.anyAction ?? "manage", chance(50) ? "manage" : "fly"]);
    const subject = pick([...SUBJECTS, "Post", "Post", options.anySubjectType ?? "all", chance(50) ? "all" : "Nothing"]);
    const kind = below(100);
    const field = chance(30) ? { field: ruled.field() } : {};
    if (kind < 18) return { kind: "type", action, subject, ...field };
    if (kind < 26) return { kind: "filter", action, subject };
    return { kind: "instance", action, subject, record: record(), ...field };
  };
  return { options, user: pick(["u-1", "U-2", "5"]), rules: list, isStrange, asks: Array.from({ length: 4 }, ask) };
}

/** A list or an object that more can be put into. */
const isOpen = (value) => typeof value === "object" && value !== null && Object.isExtensible(value) && [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));

/** As it comes out of JSON. */
const plain = (value) => JSON.parse(JSON.stringify(value));

/** `__proto__` too becomes a member like any other. */
function put(into, name, value) {
  Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
}
