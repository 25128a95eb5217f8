// Cases about how a path walks a record: numbers behind lists, lists in lists, `length`, names that are numbers only to JavaScript, names
// that every object has, all of it inside of `$elemMatch` too. The record is grown along the path of its condition, in one of the many
// ways in which a walk may come to the end of it.

import { generator } from "../../../scripts/lib/random.mjs";
import { copied, strange } from "./strange.mjs";

const NAMES = ["a", "b", "c"];
const PLACES = ["0", "0", "1", "2"];
/** Numbers to JavaScript, and the place of no item. */
const NUMBERS = ["", " ", "0x1", " 1", "1e0", "-0", "-1", "00", "01", "Infinity", "1.5"];
const INHERITED = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"];
export const OPERATORS = ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$exists", "$elemMatch", "$regex"];

const isPlace = (step) => /^(?:0|[1-9]\d*)$/.test(step);
const isOdd = (step) => NUMBERS.includes(step) || INHERITED.includes(step);

/** `native`: for snapshots of this package, which refuse what CASL would read in a way of its own. */
export function makePathCase(seed, number, native = false) {
  const random = generator(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const { below, pick } = random;
  const chance = (percent) => below(100) < percent;
  const few = (most, make) => Array.from({ length: below(most + 1) }, make);
  const isStrange = !native && chance(10);

  const scalar = () => pick([0, 1, 2, 3, -1, "a", "b", "1", "", "ab", true, false, null]);
  const path = (most = 5) => {
    const steps = [chance(92) ? pick(NAMES) : pick([...NUMBERS, ...PLACES, "length"])];
    while (steps.length < most && chance(72)) {
      const kind = below(100);
      steps.push(kind < 42 ? pick(NAMES) : kind < 80 ? pick(PLACES) : kind < 86 ? "length" : kind < 94 ? pick(NUMBERS) : pick(INHERITED));
    }
    return steps;
  };

  const operand = (operator, depth) => {
    if (operator === "$in" || operator === "$nin" || operator === "$all") return few(3, scalar);
    if (operator === "$size") return below(4);
    if (operator === "$exists") return chance(50);
    if (operator === "$regex") return pick(["a", "^a", "b$", "^$", "."]);
    if (operator === "$elemMatch") return depth > 0 && chance(65) ? { [path(3).join(".")]: test(depth - 1) } : operators(0);
    if (["$lt", "$lte", "$gt", "$gte"].includes(operator)) return pick([0, 1, 2, "a", "b", ""]);
    return scalar();
  };
  const operators = (depth) => {
    const all = {};
    for (let left = chance(85) ? 1 : 2; left > 0; left--) {
      const operator = pick(depth > 0 || !native ? OPERATORS : OPERATORS.filter((name) => name !== "$elemMatch"));
      if (native && operator === "$regex") continue;
      all[operator] = operand(operator, depth);
    }
    return Object.keys(all).length > 0 ? all : { $eq: scalar() };
  };
  const test = (depth) => (chance(25) ? scalar() : operators(depth));

  /** A value in which these steps lead to the end, or nearly. */
  const grow = (steps, end, lists) => {
    if (chance(4)) return filler(2);
    if (steps.length === 0) return end();
    const [step, ...rest] = steps;
    const inner = () => grow(rest, end, lists);
    const kind = below(100);
    if (isPlace(step)) {
      // In the list that a walk through lists makes, it stands here by itself.
      if (lists > 0 && kind < 55) return chance(30) ? [inner()] : inner();
      if (kind < 85) return beside(Number(step), inner());
      return kind < 92 ? [beside(Number(step), inner())] : member(step, inner());
    }
    const through = (value) => (chance(70) ? value() : filler(1));
    const list = () => Array.from({ length: 1 + below(3) }, () => through(() => member(step, grow(rest, end, lists + 1))));
    if (step === "length" && kind < 50) return pick(["ab", "", [1, 2], [], ["a", "ab"]]);
    if (kind < 45 || (isOdd(step) && kind < 70)) return member(step, inner());
    return kind < 85 ? list() : Array.from({ length: 1 + below(2) }, list);
  };
  const beside = (at, value) => Array.from({ length: at + 1 + below(2) }, (_, index) => (index === at ? value : chance(60) ? filler(1) : value));
  const member = (step, value) => {
    const made = {};
    if (chance(25)) put(made, pick(NAMES), filler(1));
    put(made, step, value);
    if (isStrange && step !== "length" && chance(20)) return Object.assign([filler(1)], { [step]: value });
    return made;
  };
  const filler = (depth) => {
    if (isStrange && chance(15)) return strange(random);
    const kind = depth === 0 ? 0 : below(10);
    if (kind < 5) return scalar();
    if (kind < 8) return few(3, () => filler(depth - 1));
    const made = {};
    for (const name of few(2, () => pick([...NAMES, "0", "1"]))) put(made, name, filler(depth - 1));
    return made;
  };
  /** What may well do what is asked of it. */
  const answer = (asked) => {
    if (chance(10)) return filler(2);
    if (typeof asked !== "object" || asked === null) return chance(20) ? [asked, scalar()] : chance(12) ? [[asked]] : asked;
    const [operator, given] = pick(Object.entries(asked));
    if (operator === "$size") return Array.from({ length: chance(75) ? given : below(4) }, () => filler(1));
    if (operator === "$elemMatch") {
      const [[inner, wanted]] = Object.entries(given);
      const item = () => (inner.startsWith("$") ? answer(given) : grow(inner.split("."), () => answer(wanted), 0));
      return Array.from({ length: 1 + below(2) }, () => (chance(80) ? item() : filler(1)));
    }
    if (Array.isArray(given)) return chance(40) ? [...given] : given.length > 0 ? pick(given) : scalar();
    if (operator === "$regex") return pick(["a", "ab", "b", ""]);
    if (operator === "$exists") return filler(1);
    return typeof given === "number" ? pick([given, given, given + 1, given - 1, [given]]) : chance(25) ? [given] : given;
  };

  const queries = few(1, () => 0).concat(0).map(() => ({ [path().join(".")]: test(1) }));
  const rules = queries.map((conditions, index) => ({ action: "read", subject: "Post", conditions, ...(index > 0 && chance(60) && { inverted: true }) }));
  // What only forbids forbids something.
  if (chance(30)) rules.splice(0, rules.length, { action: "read", subject: "Post" }, { ...rules[0], inverted: true });

  const ask = () => {
    let record = {};
    for (const query of queries) {
      for (const [key, asked] of Object.entries(query)) {
        const steps = key.split(".");
        const grown = grow(steps, () => answer(asked), 0);
        if (queries.length === 1 && Array.isArray(grown) && chance(15) && !native) return { kind: "instance", action: "read", subject: "Post", record: grown };
        record = Array.isArray(grown) || typeof grown !== "object" || grown === null || Object.getPrototypeOf(grown) !== Object.prototype ? put(record, steps[0], grown) : merge(record, grown);
      }
    }
    return { kind: "instance", action: "read", subject: "Post", record: isStrange ? copied(record) : JSON.parse(JSON.stringify(record)) };
  };
  return { options: {}, user: "u-1", rules, isStrange, asks: Array.from({ length: 8 }, ask) };
}

function put(into, name, value) {
  return Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
}

function merge(into, from) {
  for (const name of Object.keys(from)) put(into, name, from[name]);
  return into;
}

/** What a question is about: the shapes of its paths in its record, and the operators. */
export function shapesOf({ rules }, { record }) {
  const shapes = new Set();
  const lookAt = (query, from, inside) => {
    for (const [key, asked] of Object.entries(query)) {
      let values = from;
      if (!key.startsWith("$")) {
        const steps = key.split(".");
        if (steps.includes("length")) shapes.add("length");
        if (steps.some(isOdd)) shapes.add("odd name");
        if (inside) shapes.add("path in $elemMatch");
        values = follow(steps, from, shapes);
      }
      const tests = key.startsWith("$") ? [[key, asked]] : typeof asked === "object" && asked !== null ? Object.entries(asked) : [["equality", asked]];
      for (const [operator, given] of tests) {
        shapes.add(operator);
        if (operator === "$elemMatch") lookAt(given, values.flatMap((value) => (Array.isArray(value) ? [...value] : [])), true);
      }
    }
  };
  for (const { conditions } of rules) if (conditions !== undefined) lookAt(conditions, [record], false);
  return shapes;
}

function follow(steps, from, shapes) {
  let values = from;
  let isThroughList = false;
  for (const step of steps) {
    if (isPlace(step) && isThroughList) shapes.add("number behind a list");
    if (values.some((value) => Array.isArray(value) && [...value].some(Array.isArray))) shapes.add("list in a list");
    const isNumber = !Number.isNaN(Number(step));
    isThroughList ||= !isNumber && values.some(Array.isArray);
    // As a list that was walked through, or as the item in it.
    values = values.flatMap((value) => (Array.isArray(value) ? (isNumber ? [value[step], ...value] : [...value].flat().map((item) => item?.[step])) : [isPlace(step) && isThroughList ? value : undefined, value?.[step]]));
    values = values.filter((value) => value !== undefined && value !== null).slice(0, 50);
  }
  if (values.some((value) => Array.isArray(value) && [...value].some(Array.isArray))) shapes.add("list in a list");
  return values;
}
