// An ability for each request, as back ends make them: of rules that differ in values alone, asked once or twice and forgotten. What the
// core makes of such rules is shared, so each ability is asked beside CASL 7.0.1; and what it holds is bounded though nothing is collected.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as peer from "casl-7";

const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    memories.push(...Object.values(this.exports).filter((exported) => exported instanceof WebAssembly.Memory));
  }
};
const own = await import("latchgate/casl");

/** The same numbers each time. */
function randomFrom(seed) {
  let state = seed;
  const next = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return { next, pick: (list) => list[next(list.length)] };
}

const DATE = new Date(5);
/** Some are equal to others, look like them, or stand for values where the core plans. */
const VALUES = [1, 2, 5, 0, -0, "1", "5", "a", "b", "", "é", "\u{1f600}", "latchgate: value 0", "latchgate: value 1", 1.5, 1e21, true, false, null];
const ODD = [undefined, NaN, Infinity, DATE, new Date(5), 5n, [1], ["a", "latchgate: value 0"], [], { a: 1 }, () => 1, Symbol.iterator, /a/, new String("a"), { toJSON: () => 5 }];
const FIELDS = ["a", "b", "a.b", "owner", "a2", "a12", "2:a"];
const OPERATORS = ["$eq", "$ne", "$in", "$nin", "$gt", "$gte", "$lt", "$lte"];

/** Rules without values: `value(at)` gives them. */
function formOf(random) {
  return Array.from({ length: 1 + random.next(4) }, () => {
    const tests = Array.from({ length: random.next(3) }, () => [random.pick(FIELDS), random.next(2) ? undefined : random.pick(OPERATORS), random.next(4)]);
    return { action: random.pick(["read", ["read", "update"], "manage"]), subject: random.pick(["T", ["T", "U"], "all"]), inverted: random.next(3) === 0, fields: random.next(6) === 0 ? ["a"] : undefined, tests };
  });
}

function rulesOf(form, value) {
  return form.map(({ tests, fields, ...rule }) => {
    const conditions = {};
    for (const [field, operator, many] of tests) {
      const operand = /in$/.test(operator) ? Array.from({ length: many }, value) : value();
      conditions[field] = operator === undefined ? operand : { ...conditions[field], [operator]: operand };
    }
    return { ...rule, ...(fields && { fields }), ...(tests.length > 0 && { conditions }) };
  });
}

const come = (call) => {
  try {
    return call();
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`;
  }
};

test("abilities of one form and many values are answered as by CASL", () => {
  const random = randomFrom(11);
  const counts = { abilities: 0, questions: 0, allowed: 0, threw: 0 };
  for (let forms = 0; forms < 400; forms++) {
    const form = formOf(random);
    for (let user = 0; user < 12; user++) {
      const value = () => (random.next(12) === 0 ? random.pick(ODD) : random.pick(VALUES));
      const rules = rulesOf(form, value);
      const abilities = [peer, own].map((library) => library.createMongoAbility(rules));
      counts.abilities++;
      for (let asked = 1 + random.next(4); asked > 0; asked--) {
        const members = Object.fromEntries(FIELDS.filter(() => random.next(2)).map((field) => [field, random.next(5) === 0 ? random.pick(ODD) : random.pick(VALUES)]));
        if (random.next(3) === 0) members.a = { b: value() };
        const field = random.next(5) === 0 ? "a" : undefined;
        const of = random.next(6) === 0 ? () => "T" : (library) => library.subject("T", { ...members });
        const action = random.pick(["read", "update", "delete"]);
        const [theirs, ours] = abilities.map((ability, at) => come(() => ability.can(action, of([peer, own][at]), field)));
        assert.equal(ours, theirs, `${JSON.stringify(rules, (_, given) => (typeof given === "bigint" ? `${given}n` : given))} on ${JSON.stringify(Object.keys(members))}`);
        const [rule, mine] = abilities.map((ability, at) => come(() => ability.relevantRuleFor(action, of([peer, own][at]), field)?.origin));
        assert.equal(mine, rule);
        counts.questions++;
        counts.allowed += theirs === true ? 1 : 0;
        counts.threw += typeof theirs === "string" ? 1 : 0;
      }
    }
  }
  console.log(`${counts.questions} questions to ${counts.abilities} abilities of 400 forms agree; ${counts.allowed} were allowed, ${counts.threw} threw`);
  assert.ok(counts.allowed > counts.questions / 5 && counts.allowed < (counts.questions * 4) / 5 && counts.threw > 0);
});

test("conditions stay what they were when they were first needed", () => {
  for (const conditions of [() => ({ a: 1 }), () => ({ a: { $in: [1, 2] } }), () => ({ a: { $gt: 0 } }), () => ({ a: { $in: [new Date(1), 1] } })]) {
    for (const asked of [0, 1, 2, 3]) {
      const answers = [peer, own].map((library) => {
        const given = conditions();
        const ability = library.createMongoAbility([{ action: "read", subject: "T", conditions: given }, { action: "list", subject: "T" }]);
        const may = (a) => ability.can("read", library.subject("T", { a }));
        const before = Array.from({ length: asked }, () => may(1));
        given.a = 7;
        return [...before, may(1), may(7), may(1), ability.can("list", library.subject("T", {}))];
      });
      assert.deepEqual(answers[1], answers[0], `${JSON.stringify(conditions())} after ${asked} questions`);
    }
  }
});

test("a record's getter may make other abilities, and ask them", () => {
  const make = (i, odd) => own.createMongoAbility([{ action: "read", subject: "T", conditions: { a: odd ? new Date(i) : i, b: { $regex: "x" } } }]);
  const ability = own.createMongoAbility([{ action: "read", subject: "T", conditions: { a: new Date(1), b: "x" } }]);
  let inner = 0;
  const record = () => {
    let made = false;
    return own.subject("T", {
      get a() {
        // More than are kept at once: those of the ability that is being asked stay.
        for (let i = 0; i < 5_000 && !made; i++) inner += make(i, true).can("read", own.subject("T", { a: new Date(i), b: "xx" })) ? 1 : 0;
        made = true;
        return new Date(1);
      },
      b: "x",
    });
  };
  for (let again = 1; again <= 3; again++) {
    assert.equal(ability.can("read", record()), true);
    assert.equal(inner, again * 5_000);
  }
});

test("what abilities hold is bounded though the program never pauses", () => {
  const [memory] = memories;
  const kinds = {
    "one form, values of their own": (i) => [[{ action: ["read", "update"], subject: "T", conditions: { owner: `user ${i}` } }], { owner: `user ${i}` }, 1],
    "asked ten times": (i) => [[{ action: "read", subject: "T", conditions: { owner: i, team: { $in: [i, "x"] } } }], { owner: i, team: "x" }, 10],
    "conditions with dates and patterns, asked four times": (i) => [[{ action: "read", subject: "T", conditions: { at: new Date(i), name: /x/ } }], { at: new Date(i), name: "x" }, 4],
    "rules of their own": (i) => [[{ action: `act ${i % 3_000}`, subject: "U", fields: [`field ${i}`] }, { action: "read", subject: "T", conditions: { owner: i }, fields: [`field ${i}`, "*"] }], { owner: i }, 2],
  };
  for (const [what, kind] of Object.entries(kinds)) {
    const work = (i) => {
      const [rules, record, times] = kind(i);
      const ability = own.createMongoAbility(rules);
      for (let again = 0; again < times; again++) assert.equal(ability.can("read", own.subject("T", record)), true, what);
    };
    for (let i = 0; i < 15_000; i++) work(i);
    const before = memory.buffer.byteLength;
    for (let i = 15_000; i < 45_000; i++) work(i);
    const grown = memory.buffer.byteLength - before;
    console.log(`${what}: ${before / 1024} KB before, ${grown / 1024} KB more after 30,000 abilities`);
    // Texts that are compared with are numbered anew from time to time: some of those before may still be there.
    assert.ok(grown <= 2 << 20, `${what}: grew by ${grown / 1024} KB`);
  }
});
