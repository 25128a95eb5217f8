// Whole programs made up: they build an ability in one of the ways there are, ask it, change it, and make things of its rules. A program
// is a function of a library; everything that it sees goes into its log. What it makes it makes anew for each library, so that nothing is
// shared but classes.

import { inspect } from "node:util";
import { CompoundCondition } from "@ucast/core";
import { $and, $nor, $not, $or, and, nor, not, or } from "@ucast/mongo2js";
import { generator } from "../../scripts/lib/random.mjs";

class Article {
  static modelName = "Post";
  constructor(members) {
    Object.assign(this, members);
  }
}
class Draft extends Article {
  static modelName = undefined;
  get kind() {
    return "draft";
  }
}
class User {
  #id;
  constructor(members) {
    Object.assign(this, members);
    this.#id = members?.authorId;
  }
  get own() {
    return this.#id;
  }
}
function Comment(members) {
  Object.assign(this, members);
}
class Money {
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
const CLASSES = [Article, Draft, User, Comment];

const ACTIONS = ["read", "update", "delete", "create", "publish", "modify", "crud", "manage"];
const TYPES = ["Post", "User", "Comment", "Draft", "all"];
const FIELDS = ["title", "body", "author", "author.name", "author.name.first", "tags.0", "a.b", "a\nb", "title.", "private", "privateNotes", ""];
const PATTERNS = ["*", "**", "author.*", "author.**", "*.name", "**.first", "priv*", "author.*.first", "author.name*", "tags.*", "*.*", "t*e", "a.*b", "***", "(title)*", "*.", ".*"];
const PATHS = ["authorId", "title", "status", "tags", "author", "author.name", "author.name.first", "comments", "comments.by", "comments.by.id", "comments.0", "comments.0.by", "comments.1.votes", "votes", "createdAt", "meta", "meta.x.y", "id", "own", "kind", "tags.length", "constructor", "__proto__", "a b", "$or", ""];
const SCALARS = [1, 2, 3, 0, -1, "1", "2", "a", "b", "draft", "published", "", null, true, false, 10, 1.5, "10"];
/** What JSON has no word for, made anew each time. */
const STRANGE = [
  () => undefined, () => new Date(2), () => new Date(3), () => new Date(NaN), () => new Date("2026-01-02"), () => "2026-01-02", () => 2n, () => NaN, () => Infinity, () => -0,
  () => /^a/, () => /dra?ft/i, () => new Money(2), () => new Money(1), () => new Id("a"), () => new Id(1), () => new String("a"), () => new Number(2), () => Object.create(null), () => () => 1,
  () => new Set([1]), () => new Map([["name", 1]]), () => [, 1], () => new Uint8Array([1, 2]), () => new User({ name: "a" }), () => new Proxy({ name: "a" }, {}), () => ({ get name() { throw new Error("no name"); } }),
  () => Object.freeze(["a", Object.freeze({ name: 1 })]), () => Symbol.iterator, () => ({ toString: () => "a" }), () => Object.create({ name: "a", by: null }), () => "\u{1f600}", () => "\u212a", () => 1e21, () => "1e1",
];
const ALIASES = [{ modify: ["update", "delete"] }, { crud: ["create", "read", "update", "delete"] }, { modify: "update", crud: ["read", "modify", "delete"] }, { crud: ["modify", "publish"], modify: ["delete", "update"] }];
const BROKEN_ALIASES = [{ modify: ["manage"] }, { manage: ["read"] }, { modify: ["crud"], crud: ["modify"] }, { crud: ["modify", "publish"], modify: ["update"], publish: ["update"] }, { read: "read" }];

/** The program of a number: `run(library, extra)` gives its log, `[what, came]` in order. */
export function program(seed) {
  return { run: (library, extra) => new Run(generator(seed), library, extra).all() };
}

/** `__proto__` is a name like any other. */
function put(into, name, value) {
  Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
}

class Run {
  constructor(random, library, extra) {
    Object.assign(this, random);
    this.library = library;
    this.extra = extra;
    this.log = [];
    this.raw = [];
    this.kept = [];
    this.strange = this.pick([0, 4, 10, 30]);
  }

  chance(percent) {
    return this.below(100) < percent;
  }

  few(most, make) {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  /** Notes what comes of a call. Whatever is drawn is drawn before, so that both logs stay the same. */
  note(what, call) {
    let came;
    try {
      came = this.shown(call());
    } catch (error) {
      // Of a rule as JSON CASL shows a member of its own.
      came = { throws: error.constructor?.name, message: error.message.replace(/^(Ability rule ").*(" does not have "ast")/, "$1…$2") };
    }
    this.log.push([what, came]);
  }

  shown(value, depth = 6) {
    if (typeof value === "function") return `function ${value.name}`;
    if (value === null || typeof value !== "object") return value;
    if (this.held?.has(value)) return this.held.get(value);
    if (value instanceof Date) return `date ${value.getTime()}`;
    if (value instanceof RegExp) return value;
    if (depth === 0) return "…";
    if (Array.isArray(value)) return value.map((item) => this.shown(item, depth - 1));
    if (value instanceof Set) return [...value];
    if ("origin" in value) {
      const { action, subject, fields, conditions, inverted, reason, priority } = value;
      return { rule: this.raw.indexOf(value.origin), action, subject: this.shown(subject), fields, conditions: this.shown(conditions), inverted, reason, priority };
    }
    if ("operator" in value) return { operator: value.operator, field: value.field, value: this.shown(value.value, depth - 1), compound: value instanceof CompoundCondition };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.shown(inner, depth - 1)]));
  }

  scalar() {
    if (this.chance(6) && this.kept.length > 0) return this.pick(this.kept);
    return this.chance(this.strange) ? this.keep(this.pick(STRANGE)()) : this.pick(SCALARS);
  }

  /** Rules and records may share an object, which is equal to itself alone. */
  keep(value) {
    if (typeof value === "object" && value !== null) this.kept.push(value);
    return value;
  }

  value(depth = 2) {
    if (depth > 0 && this.chance(20)) return this.keep(this.few(3, () => this.value(depth - 1)));
    if (depth > 0 && this.chance(15)) return this.keep(this.members(depth - 1));
    return this.scalar();
  }

  members(depth) {
    const made = {};
    for (let left = this.below(4); left > 0; left--) made[this.pick(["name", "first", "by", "id", "votes", "x", "y", "0"])] = this.value(depth);
    return made;
  }

  operators(depth = 1) {
    const made = {};
    for (let left = this.chance(75) ? 1 : 2; left > 0; left--) {
      const name = this.pick(["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$exists", "$regex", "$elemMatch"]);
      made[name] = this.chance(4) ? this.value() : this.operand(name, depth);
      if (name === "$regex" && this.chance(30)) made.$options = this.pick(["i", "g", "m", "", "z"]);
    }
    return this.chance(2) ? { ...made, [this.pick(["$foo", "$not", "$options", "x"])]: 1 } : made;
  }

  operand(name, depth) {
    if (["$in", "$nin", "$all"].includes(name)) return this.few(3, () => this.scalar());
    if (["$lt", "$lte", "$gt", "$gte"].includes(name)) return this.pick([0, 1, 2, 3, "2", "b", "draft", new Date(2), -1, 2n]);
    if (name === "$size") return this.below(4);
    if (name === "$exists") return this.chance(50);
    if (name === "$regex") return this.pick(["^a", "draft", /^A/i, "b$", "[", "^.$", /a/g, "."]);
    if (name === "$elemMatch") return depth > 0 ? (this.chance(50) ? this.operators(depth - 1) : this.conditions(depth - 1, ["by", "votes", "by.id", "x", "name"])) : { votes: this.scalar() };
    return this.chance(15) ? this.value(1) : this.scalar();
  }

  conditions(depth = 1, paths = PATHS) {
    const made = {};
    for (let left = 1 + this.below(3); left > 0; left--) put(made, this.pick(paths), this.chance(45) ? (this.chance(12) ? this.value() : this.scalar()) : this.operators(depth));
    if (this.joins && this.chance(40)) {
      const parts = () => Array.from({ length: 1 + this.below(2) }, () => ({ [this.pick(["authorId", "title", "status", "votes"])]: this.chance(50) ? this.scalar() : this.operators(0) }));
      const name = this.pick(["$and", "$or", "$nor"]);
      made[name] = parts();
    }
    return made;
  }

  type() {
    if (this.style === "classes") return this.pick(CLASSES);
    if (this.style === "mixed" && this.chance(30)) return this.pick(CLASSES);
    return this.chance(50) ? "Post" : this.pick(TYPES);
  }

  types() {
    return this.chance(20) ? Array.from({ length: 1 + this.below(2) }, () => this.type()) : this.type();
  }

  action() {
    return this.chance(40) ? "read" : this.pick(ACTIONS);
  }

  actions() {
    return this.chance(25) ? Array.from({ length: 1 + this.below(3) }, () => this.action()) : this.action();
  }

  fields() {
    const one = () => (this.chance(55) ? this.pick(FIELDS) : this.pick(PATTERNS));
    return this.chance(35) ? one() : Array.from({ length: this.chance(2) ? 0 : 1 + this.below(3) }, one);
  }

  rule() {
    const made = { action: this.actions() };
    if (!this.chance(4)) made.subject = this.types();
    if (this.chance(35)) made.inverted = true;
    if (this.chance(30)) made.fields = this.fields();
    if (this.chance(60)) made.conditions = this.chance(5) ? this.pick([{}, null, [], { $options: "i" }]) : this.conditions();
    if (this.chance(30)) made.reason = this.pick(["because", "no", ""]);
    return made;
  }

  list() {
    return Array.from({ length: 1 + this.below(this.chance(80) ? 4 : 12) }, () => this.rule());
  }

  record() {
    const made = {};
    for (const [name, make] of [
      ["authorId", () => this.scalar()],
      ["title", () => this.scalar()],
      ["status", () => this.pick(["draft", "published", null])],
      ["tags", () => this.few(3, () => this.value(1))],
      ["author", () => (this.chance(70) ? { name: this.chance(60) ? { first: this.scalar() } : this.value(1) } : this.value())],
      ["comments", () => this.few(3, () => (this.chance(80) ? { by: this.chance(60) ? { id: this.scalar() } : this.scalar(), votes: this.below(4) } : this.value()))],
      ["votes", () => this.below(4)],
      ["createdAt", () => this.pick([new Date(2), new Date(5), "1970-01-01", 2])],
      ["meta", () => this.value()],
      ["id", () => this.scalar()],
      ["", () => this.scalar()],
    ]) {
      if (this.chance(55)) made[name] = make();
    }
    return made;
  }

  /** Something to ask about, with how to say what it is. */
  thing() {
    const { library } = this;
    const kind = this.below(100);
    const members = this.record();
    if (kind < 35) return library.subject(this.pick(TYPES), members);
    if (kind < 75) {
      const Class = this.pick(CLASSES);
      return new Class(members);
    }
    if (kind < 80) return members;
    if (kind < 84) return Object.freeze(new Article(members));
    if (kind < 88) return { ...members, __caslSubjectType__: this.pick(TYPES) };
    if (kind < 90) return { ...members, constructor: { modelName: "Post" } };
    if (kind < 91) return Object.assign(Object.create(null), members);
    if (kind < 93) return this.pick([null, undefined, "", 0, false]);
    if (kind < 95) return this.pick([5, true, 7n, Symbol.iterator, [], [members], new Map(), new Date(2)]);
    return this.type();
  }

  field() {
    return this.chance(55) ? undefined : this.chance(3) ? this.pick([5, ["title"], {}, null, 0, false]) : this.chance(80) ? this.pick(FIELDS) : this.pick(PATTERNS);
  }

  options() {
    const { library } = this;
    const options = {};
    if (this.chance(8)) options.anyAction = this.pick(["crud", "everything"]);
    if (this.chance(8)) options.anySubjectType = this.pick(["User", "everything"]);
    if (this.chance(10)) options.detectSubjectType = this.pick([(object) => object.constructor, (object) => object.kind ?? "Post", () => undefined, () => "Post", (object) => object.status]);
    if (this.chance(25)) {
      const aliases = this.chance(85) ? this.pick(ALIASES) : this.pick(BROKEN_ALIASES);
      const how = BROKEN_ALIASES.includes(aliases) ? {} : this.pick([{}, { skipValidate: true }, { skipValidate: false }, { anyAction: "crud" }]);
      this.note("createAliasResolver", () => void (options.resolveAction = library.createAliasResolver(aliases, how)));
    } else if (this.chance(5)) options.resolveAction = (action) => [action, "publish"].flat();
    if (this.chance(8)) {
      this.joins = true;
      options.conditionsMatcher = library.buildMongoQueryMatcher({ $and, $or, $nor, $not }, { and, or, nor, not });
    } else if (this.chance(4)) options.conditionsMatcher = library.buildMongoQueryMatcher();
    else if (this.chance(4)) options.conditionsMatcher = (conditions) => (object) => Object.entries(conditions).every(([name, value]) => object[name] === value);
    if (this.chance(5)) options.fieldMatcher = (fields) => (field) => fields.some((one) => field.startsWith(one));
    return options;
  }

  build(options) {
    const { library, extra } = this;
    const how = this.below(10);
    const made = this.list();
    if (how < 4) return () => ((this.raw = made), library.createMongoAbility(made, options));
    if (how < 7) {
      return () => {
        const { can, cannot, rules, build } = new library.AbilityBuilder(library.createMongoAbility);
        this.said(made, can, cannot);
        this.raw = rules;
        return build(options);
      };
    }
    if (how < 8) return () => library.defineAbility((can, cannot) => this.said(made, can, cannot), options);
    if (how < 9) {
      return () => {
        const packed = JSON.parse(JSON.stringify(extra.packRules(made.filter(({ subject }) => typeof subject === "string"))));
        this.raw = extra.unpackRules(packed);
        return library.createMongoAbility(this.raw, options);
      };
    }
    const changed = this.below(5);
    return () => {
      class Own extends library.Ability {
        constructor(...given) {
          super(...given);
          if (changed === 1) this.detectSubjectType = (object) => (typeof object === "string" ? "Post" : super.detectSubjectType(object));
        }
        possibleRulesFor(action, type) {
          const rules = super.possibleRulesFor(action, type);
          return changed === 2 ? rules.filter(({ reason }) => reason !== "no") : rules;
        }
        relevantRuleFor(action, subject, field) {
          return changed === 3 && action === "read" ? null : super.relevantRuleFor(action, subject, field);
        }
      }
      if (changed === 4) for (const name of ["possibleRulesFor", "relevantRuleFor"]) delete Own.prototype[name];
      this.raw = made;
      return new Own(made, { conditionsMatcher: library.mongoQueryMatcher, fieldMatcher: library.fieldPatternMatcher, ...options });
    };
  }

  said(rules, can, cannot) {
    for (const { action, subject, fields, conditions, inverted, reason } of rules) {
      const add = inverted ? cannot : can;
      const added = fields === undefined ? add(action, subject, conditions) : add(action, subject, fields, conditions);
      if (reason !== undefined) added.because(reason);
    }
  }

  all() {
    this.style = this.pick(["names", "names", "names", "classes", "mixed"]);
    const options = this.options();
    const build = this.build(options);
    this.note("build", () => {
      this.ability = build();
      if (this.raw.length === 0) this.raw = this.ability.rules;
      return this.ability.rules;
    });
    if (this.ability === undefined) return this.log;
    this.held = new Map([[this.ability, "the ability"]]);
    for (let left = 6 + this.below(20); left > 0; left--) this.step();
    return this.log;
  }

  step() {
    const { library, extra, ability } = this;
    const action = this.chance(4) ? this.pick(["", undefined, "unheard of", 5, null]) : this.action();
    const thing = this.thing();
    const type = this.chance(5) ? this.pick([undefined, null, "", thing]) : this.type();
    const field = this.field();
    this.held.set(thing, "the thing");
    const ofType = `(${String(action)}, ${inspect(type, { depth: 0 })}, ${String(field)})`;
    const ofThing = `(${String(action)}, a thing, ${String(field)})`;
    switch (this.below(19)) {
      case 0:
      case 1:
      case 2:
        return this.note(`can${ofThing}`, () => [ability.can(action, thing, field), ability.cannot(action, thing, field), ability.can(action, thing, field)]);
      case 3:
        return this.note(`can${ofType}`, () => [ability.can(action, type, field), ability.cannot(action, type, field)]);
      case 4:
        return this.note(`relevantRuleFor${ofThing}`, () => ability.relevantRuleFor(action, thing, field));
      case 5:
        return this.note(`relevantRuleFor${ofType}`, () => ability.relevantRuleFor(action, type, field));
      case 6:
        return this.note(`rulesFor${ofType}`, () => ability.rulesFor(action, type, field));
      case 7:
        return this.note(`possibleRulesFor${ofType}`, () => ability.possibleRulesFor(action, type));
      case 8:
        return this.note(`actionsFor${ofType}`, () => ability.actionsFor(type));
      case 9:
        return this.note(`detectSubjectType${ofThing}`, () => ability.detectSubjectType(thing));
      case 10: {
        const all = this.chance(50) ? ["id", "title"] : ["author.name", "private"];
        return this.note(`permittedFieldsOf${ofThing}`, () => [extra.permittedFieldsOf(ability, action, thing, { fieldsFrom: (rule) => rule.fields || all }), new extra.AccessibleFields(ability, action, () => all).of(thing)]);
      }
      case 11:
        return this.note(`AccessibleFields.ofType${ofType}`, () => new extra.AccessibleFields(ability, action, (of) => [`${of?.name ?? of}.id`]).ofType(type));
      case 12:
        return this.note(`rulesToAST${ofType}`, () => extra.rulesToAST(ability, action, type));
      case 13:
        return this.note(`rulesToFields${ofType}`, () => extra.rulesToFields(ability, action, type));
      case 14:
        return this.note(`rulesToCondition${ofType}`, () =>
          extra.rulesToCondition(ability.rulesFor(action, type), ({ inverted, conditions }) => (inverted ? { $not: conditions } : conditions), { and: ($and) => ({ $and }), or: ($or) => ({ $or }), empty: () => ({}) }),
        );
      case 15: {
        const message = this.chance(40) ? this.pick(["not today", ""]) : undefined;
        return this.note(`ForbiddenError${ofThing}`, () => {
          const error = library.ForbiddenError.from(ability);
          if (message !== undefined) error.setMessage(message);
          const came = error.unlessCan(action, thing, field);
          if (came === undefined) return "may";
          return { same: came === error, name: came.name, message: came.message, text: `${came}`, action: came.action, subject: came.subject, subjectType: came.subjectType, field: came.field, error: came instanceof Error, keys: Object.keys(came).sort() };
        });
      }
      case 16:
        return this.rules(action, type, thing, field);
      case 17:
        return this.change();
      default:
        return this.mutate(action, thing, field);
    }
  }

  /** Rules asked by themselves. */
  rules(action, type, thing, field) {
    const { library, raw, ability } = this;
    const at = this.below(4);
    const rule = () => ability.possibleRulesFor(action, type)[at];
    this.note("rule.ast", () => rule()?.ast);
    this.note("rule.matchesConditions", () => rule()?.matchesConditions(thing));
    this.note("rule.matchesField", () => rule()?.matchesField(field));
    const conditions = raw[at]?.conditions;
    this.note("mongoQueryMatcher", () => {
      const matches = library.mongoQueryMatcher(conditions ?? {});
      return [matches.ast, matches(thing)];
    });
    const fields = [raw[at]?.fields ?? "title"].flat();
    this.note("fieldPatternMatcher", () => FIELDS.concat(PATTERNS).map((one) => library.fieldPatternMatcher(fields)(one)));
    this.note("packRules", () => this.extra.packRules(raw, (one) => one?.modelName ?? one?.name ?? one));
    this.note("unpackRules", () => this.extra.unpackRules(JSON.parse(JSON.stringify(this.extra.packRules(raw))), (one) => `${one}!`));
  }

  /** Other rules, with handlers that come and go. */
  change() {
    const { ability } = this;
    const next = this.list();
    if (next.some(({ fields }) => Array.isArray(fields) && fields.length === 0)) return;
    const plan = this.below(4);
    this.note("update", () => {
      const heard = [];
      const before = ability.rules;
      const hear = (name) => ({ rules, target, ability: same }) => heard.push([name, rules === next, target === ability, same === ability, ability.rules === before]);
      const offs = [ability.on("update", hear("update")), ability.on("updated", hear("updated 1")), ability.on("updated", () => plan === 1 && offs[1]()), ability.on("updated", hear("updated 2"))];
      if (plan === 2) offs[3]();
      if (plan === 3) ability.on("updated", () => offs.forEach((off) => off()));
      this.raw = next;
      const same = ability.update(next) === ability;
      offs.forEach((off) => off());
      return [same, heard, ability.rules === next];
    });
  }

  /** What is asked again after something has changed. */
  mutate(action, thing, field) {
    const { ability, raw } = this;
    const plan = this.below(4);
    const rule = raw[this.below(raw.length || 1)];
    const value = this.value();
    this.note("before", () => ability.can(action, thing, field));
    if (plan < 2 && thing !== null && typeof thing === "object") this.note("a record changes", () => void (thing.status = thing.authorId = value));
    else if (plan === 2) this.note("a list of rules changes", () => void raw.push(this.rule()));
    else if (plan === 3 && rule) rule.reason = "said later";
    this.note("after", () => [ability.can(action, thing, field), ability.relevantRuleFor(action, thing, field)]);
  }
}
