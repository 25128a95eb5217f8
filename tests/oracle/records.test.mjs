// One reading of a record: whatever a question is asked by (`can`, `check`, `decide`, a filter, the façade, a compiled snapshot, a slice),
// a path walks the record in one way, and where CASL is the rule in CASL's. `LATCHGATE_SEED` asks others, `LATCHGATE_CASES` more or fewer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import * as facade from "latchgate/casl";
import { loadPolicy } from "latchgate/insight";
import { shallow } from "./ask-casl.mjs";
import { PROFILES } from "./compare.mjs";
import { makePathCase, OPERATORS, shapesOf } from "./generate/paths.mjs";
import { nativeHolds } from "./native.mjs";
import { compareAll } from "./run.mjs";

const seed = Number(process.env.LATCHGATE_SEED ?? 1);
/** With eight questions each, in four tests: 204,800. */
const cases = Number(process.env.LATCHGATE_CASES ?? 6_400);

/** Of every shape there have to be so many questions, or the test says nothing about it. */
const SHAPES = ["number behind a list", "list in a list", "length", "odd name", "path in $elemMatch"];

/** Counts what was asked. */
function counter(name) {
  const counts = new Map();
  let questions = 0;
  const answers = {};
  return {
    add(shapes, answer) {
      questions++;
      answers[answer] = (answers[answer] ?? 0) + 1;
      for (const shape of shapes) {
        const one = counts.get(shape) ?? counts.set(shape, { asked: 0 }).get(shape);
        one.asked++;
        one[answer] = (one[answer] ?? 0) + 1;
      }
    },
    report(wanted, answersWanted) {
      const say = ({ asked, allow = 0, deny = 0, error = 0 }) => `${asked} (${allow} allowed, ${deny} denied, ${error} thrown)`;
      console.log(`${name}: ${say({ asked: questions, ...answers })}`);
      for (const [shape, one] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`  ${shape}: ${say(one)}`);
      for (const shape of wanted) {
        const one = counts.get(shape);
        assert.ok(one?.asked > questions / 200, `${shape}: ${one?.asked} questions`);
        for (const answer of answersWanted) assert.ok(one[answer] > one.asked / 200, `${shape}: ${one[answer]} times ${answer}`);
      }
      return questions;
    },
  };
}

function* generated(native) {
  for (let number = 0; number < cases; number++) yield [`seed ${seed}, path case ${number}`, makePathCase(seed, number, native)];
}

for (const name of Object.keys(PROFILES)) {
  test(`${name}: paths through records`, () => {
    const count = counter(name);
    compareAll(name, generated(false), (one, { ask, expected }) => count.add(shapesOf(one, ask), expected));
    const questions = count.report([...SHAPES, "equality", ...OPERATORS], ["allow", "deny"]);
    assert.equal(questions, cases * 8);
  });
}

test("latchgate/casl, and filters and explanations of casl@7: paths through records", () => {
  const count = counter("latchgate/casl, filters and why");
  const { oracle, snapshot } = PROFILES["casl@7"]();
  for (const [title, one] of generated(false)) {
    const asked = oracle(one);
    const ability = facade.createMongoAbility(one.rules);
    const matcher = facade.createMongoAbility(one.rules, { conditionsMatcher: (conditions) => facade.mongoQueryMatcher(conditions) });
    const policy = loadPolicy(snapshot(one));
    const user = policy.principal("who");
    const filter = user.filter("read", "Post");
    for (const ask of one.asks) {
      const { action, subject, record } = ask;
      const expected = asked(ask);
      const { effect } = user.why({ action, type: subject, record }).decision;
      assert.equal(effect, expected, `${title}, why\n${about(one, ask)}`);
      // What throws is not shown.
      assert.equal(filter.test(record), expected === "allow", `${title}, a filter\n${about(one, ask)}`);
      for (const [way, other] of [["can", ability], ["a matcher", matcher]]) {
        const got = attempt(() => other.can(ask.action, facade.subject(ask.subject, shallow(ask.record)), ask.field));
        assert.equal(got, expected, `${title}, ${way}\n${about(one, ask)}`);
      }
      count.add(shapesOf(one, ask), expected);
    }
    for (const handle of [filter, user, policy]) handle.free();
  }
  count.report(SHAPES, ["allow", "deny"]);
});

test("native snapshots: paths through records", () => {
  const count = counter("latchgate");
  let refused = 0;
  for (const [title, one] of generated(true)) {
    const grants = one.rules.map(({ conditions, inverted }) => ({ permissions: ["Post:read"], ...(conditions && { conditions }), ...(inverted && { effect: "deny" }) }));
    let policy;
    try {
      policy = loadPolicy({ system: "latchgate", payloads: { combining: "deny-overrides", roles: [{ key: "r", grants }], principals: [{ id: "u", roles: ["r"] }] } });
    } catch (error) {
      assert.equal(error.code, "ERR_CONDITION", `${title}: ${error.message}`);
      refused++;
      continue;
    }
    const user = policy.principal("u");
    const opened = loadPolicy(policy.compiled());
    const filter = user.filter("read", "Post");
    for (const ask of one.asks) {
      const { record } = ask;
      const holds = ({ conditions }) => conditions === undefined || nativeHolds(conditions, record);
      const expected = one.rules.some((rule) => !rule.inverted && holds(rule)) && !one.rules.some((rule) => rule.inverted && holds(rule));
      const answers = {
        can: user.can("read", "Post", record),
        check: user.check("read", "Post", record).effect === "allow",
        decide: policy.decide({ principal: "u", ask: { kind: "instance", action: "read", subject: "Post", object: record } }).effect === "allow",
        why: user.why({ action: "read", type: "Post", record }).decision.effect === "allow",
        filter: filter.test(record),
        compiled: opened.principal("u").can("read", "Post", record),
      };
      for (const [way, got] of Object.entries(answers)) assert.equal(got, expected, `${title}, ${way}\n${about(one, ask)}`);
      count.add(shapesOf(one, ask), expected ? "allow" : "deny");
    }
    for (const handle of [filter, user, opened, policy]) handle.free();
  }
  console.log(`  ${refused} of ${cases} conditions are refused`);
  assert.ok(refused < cases / 2);
  count.report([...SHAPES, "equality", ...OPERATORS.filter((operator) => operator !== "$regex")], ["allow", "deny"]);
});

const about = ({ rules }, { record }) => `${JSON.stringify(rules)}\n${inspect(record, { depth: null, breakLength: Infinity })}`;

function attempt(ask) {
  try {
    return ask() ? "allow" : "deny";
  } catch {
    return "error";
  }
}
