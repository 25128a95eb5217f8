// Rules and questions made up: small vocabularies, so that they meet.

import { inspect } from "node:util";

const ACTIONS = ["read", "update", "delete", "manage", "modify", "access"];
const TYPES = ["Post", "User", "all"];
const FIELDS = ["title", "author", "author.name", "author.name.first", "author.*", "author.**", "*.name", "a.*b", "**", "sec*", "x.y"];
const ASKED_FIELDS = [undefined, "", "title", "author", "author.name", "author.name.first", "x.name", "a.b", "secret", "x.y", "author.*"];
const PATHS = ["a", "b", "a.b", "a.0", "a.b.c", "list", "list.x", "list.0.x", "list.length", "toString", "$or", "0"];
const SCALARS = [null, 0, 1, 2, -1, "", "0", "1", "a", "b", "ab", "10", true, false];

const maybe = (random, chance) => random.below(100) < chance;

/** One object that rules and records share: equal to itself alone. */
const SHARED = [{ shared: 1 }, ["shared"], Symbol("shared")];

class Amount {
  constructor(cents) {
    this.cents = cents;
  }
  valueOf() {
    return this.cents;
  }
}
class Id {
  constructor(text) {
    this.text = text;
  }
  toJSON() {
    return this.text;
  }
}
class Inheriting {
  get b() {
    return 1;
  }
  get x() {
    return null;
  }
}

/** What JSON has no word for. */
function beyond(random) {
  const kinds = [
    undefined, NaN, Infinity, -0, 1n, 10n, new Date(1), new Date(0), new Date(NaN), /a/, /^b/i, new Amount(1), new Amount(2), new Id("a"), new Id("1"),
    new Inheriting(), Object.create(null), Object.assign(Object.create(null), { b: 1 }), Object.freeze({ b: 1 }), () => 1, [undefined], [, 1], new Date(10),
    new String("a"), new Number(1), { toJSON: () => 1 }, { b: undefined }, [new Date(1)], ...SHARED,
  ];
  return random.pick(kinds);
}

let extras = false;

export function value(random, depth = 2) {
  if (extras && random.below(4) === 0) return beyond(random);
  const kind = random.below(10);
  if (depth > 0 && kind === 0) return Array.from({ length: random.below(4) }, () => value(random, depth - 1));
  if (depth > 0 && kind === 1) return { [random.pick(["b", "c", "x", "length"])]: value(random, depth - 1) };
  return random.pick(SCALARS);
}

function operand(random, operator) {
  // Now and then one that the operator cannot take.
  if (maybe(random, 6)) return value(random);
  switch (operator) {
    case "$in":
    case "$nin":
    case "$all":
      return Array.from({ length: random.below(4) }, () => value(random, 0));
    case "$size":
      return random.below(3);
    case "$exists":
      return maybe(random, 50);
    case "$lt":
    case "$lte":
    case "$gt":
    case "$gte":
      return extras && random.below(4) === 0 ? new Date(random.below(3)) : random.pick([0, 1, 2, "", "1", "a", "b"]);
    case "$regex":
      return extras && random.below(4) === 0 ? random.pick([/a/i, /^1/g]) : random.pick(["a", "^a", "b$", "^$", "[", "A", "."]);
    case "$options":
      return random.pick(["i", "", "g", "q"]);
    case "$elemMatch":
      return maybe(random, 50) ? operators(random) : { [random.pick(["x", "b"])]: maybe(random, 50) ? value(random, 0) : operators(random) };
    default:
      return value(random);
  }
}

const OPERATORS = ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$regex", "$elemMatch", "$exists"];

function operators(random) {
  const found = {};
  for (let count = 1 + random.below(2); count > 0; count--) {
    const operator = random.pick(OPERATORS);
    found[operator] = operand(random, operator);
    if (operator === "$regex" && maybe(random, 30)) found.$options = operand(random, "$options");
  }
  if (maybe(random, 3)) found.$unknown = 1;
  return found;
}

function conditions(random) {
  if (maybe(random, 6)) return random.pick([{}, null, 0, "", true, [], "ab", 5]);
  const found = {};
  for (let count = 1 + random.below(2); count > 0; count--) {
    found[random.pick(PATHS)] = maybe(random, 40) ? value(random) : operators(random);
  }
  if (maybe(random, 2)) found.$eq = 1;
  return found;
}

const some = (random, list) => (maybe(random, 25) ? Array.from({ length: random.below(4) }, () => random.pick(list)) : random.pick(list));

function rule(random) {
  const made = { action: some(random, ACTIONS) };
  if (!maybe(random, 8)) made.subject = some(random, TYPES);
  if (maybe(random, 35)) made.inverted = random.pick([true, true, true, false, "false", 0]);
  if (maybe(random, 25)) made.fields = maybe(random, 20) ? random.pick(FIELDS) : Array.from({ length: maybe(random, 3) ? 0 : 1 + random.below(3) }, () => random.pick(FIELDS));
  if (maybe(random, 60)) made.conditions = conditions(random);
  if (maybe(random, 20)) made.reason = random.pick(["because", "", "no"]);
  return made;
}

function record(random) {
  const made = {};
  for (const name of ["a", "b", "list", "0"]) if (maybe(random, 55)) made[name] = name === "list" ? Array.from({ length: random.below(4) }, () => value(random, 2)) : value(random);
  return made;
}

class Other {}

/** Rules, and questions to whatever `start` makes of them; `beyondJson`: with values that JSON has no word for. */
export function makeCase(random, beyondJson) {
  extras = beyondJson;
  const rules = Array.from({ length: 1 + random.below(6) }, () => rule(random));
  const options = {};
  if (maybe(random, 15)) options.anyAction = random.pick(["read", "access"]);
  if (maybe(random, 15)) options.anySubjectType = random.pick(["User", "everything"]);
  const aliases = maybe(random, 30) ? random.pick([{ modify: ["update", "delete"] }, { access: "read", modify: ["access", "update"] }, { modify: "manage" }, { read: "read" }]) : undefined;
  // Unchecked, an alias of itself would be expanded for ever, there as here.
  const skipValidate = aliases?.read === "read" ? undefined : random.pick([undefined, true, false, false]);
  const later = maybe(random, 20) ? Array.from({ length: random.below(4) }, () => rule(random)) : undefined;

  const start = (library, extra) => {
    const problems = [];
    let ability;
    try {
      const resolveAction = aliases && library.createAliasResolver(aliases, { skipValidate, anyAction: options.anyAction });
      ability = library.createMongoAbility(rules, { ...options, ...(resolveAction && { resolveAction }) });
      // What a failed update leaves behind is where the two are meant to differ.
      if (later !== undefined && !later.some((one) => Array.isArray(one.fields) && one.fields.length === 0)) ability.update(later);
    } catch (error) {
      problems.push(error);
      ability ??= library.createMongoAbility();
    }
    return { library, extra, ability, problems };
  };

  const questions = [["the ability", ({ problems }) => problems.map((error) => error.message)]];
  for (let count = 0; count < 12; count++) {
    const action = random.pick([...ACTIONS, "unheard of", ""]);
    const type = random.pick([...TYPES, "Unheard", "everything", undefined]);
    const field = random.pick(ASKED_FIELDS);
    const members = record(random);
    const about = ({ library }) => (type === undefined ? new Other() : library.subject(type, { ...members }));
    const said = `${inspect([action, type, field])} about ${inspect(members, { depth: 6 })}`;
    questions.push(
      [`can of a type ${said}`, ({ ability }) => ability.can(action, type, field)],
      [`can of a record ${said}`, (one) => one.ability.can(action, about(one), field)],
    );
    switch (random.below(9)) {
      case 0:
        questions.push([`relevantRuleFor a record ${said}`, (one) => one.ability.relevantRuleFor(action, about(one), field)]);
        break;
      case 1:
        questions.push([`relevantRuleFor a type ${said}`, ({ ability }) => ability.relevantRuleFor(action, type, field)]);
        break;
      case 2:
        questions.push([`rulesFor ${said}`, ({ ability }) => ability.rulesFor(action, type, field)]);
        break;
      case 3:
        questions.push([`possibleRulesFor ${said}`, ({ ability }) => ability.possibleRulesFor(action, type)]);
        break;
      case 4:
        questions.push([`actionsFor ${said}`, ({ ability }) => ability.actionsFor(type)]);
        break;
      case 5:
        questions.push([`permittedFieldsOf ${said}`, (one) => one.extra.permittedFieldsOf(one.ability, action, maybeType(count) ? type : about(one), { fieldsFrom: (rule) => rule.fields || ["title", "id"] })]);
        break;
      case 6:
        questions.push([`rulesToAST ${said}`, ({ ability, extra }) => extra.rulesToAST(ability, action, type)]);
        break;
      case 7:
        questions.push([`rulesToFields ${said}`, ({ ability, extra }) => extra.rulesToFields(ability, action, type)]);
        questions.push([`rulesToCondition ${said}`, ({ ability, extra }) => extra.rulesToCondition(ability.rulesFor(action, type), (rule) => [rule.inverted, rule.priority], { and: (list) => ["and", list], or: (list) => ["or", list], empty: () => "all" })]);
        break;
      default:
        questions.push([`ForbiddenError ${said}`, (one) => one.library.ForbiddenError.from(one.ability).unlessCan(action, about(one), field)?.message]);
    }
  }
  questions.push(["packRules", ({ extra }) => extra.packRules(rules)], ["unpackRules", ({ extra }) => extra.unpackRules(extra.packRules(rules.filter((one) => one.action.length > 0 && one.subject?.length > 0)))]);
  return { rules, options: { ...options, aliases, later }, questions, start };
}

const maybeType = (count) => count % 2 === 0;
