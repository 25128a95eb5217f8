// What the benchmark asks stays the same, or figures of different days could not be compared; and latchgate answers all of it rightly.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { adapterOf, engineOf } from "../../bench/adapters/registry.mjs";
import { verify } from "../../bench/lib/verify.mjs";
import { workloads } from "../../bench/workloads/index.mjs";
import { large } from "../../bench/workloads/large.mjs";
import { allows } from "../../bench/workloads/reference.mjs";

const DIGESTS = {
  W1: "7504f4c4a3b211be3e6e593b7feebabb0d3cc4144ef32194d7148db320923f35",
  W2: "555ec83e4465ba6e614ca1e367a5daebb639f698fc2753929722442d1456bb79",
  W3: "34e1c07336c5c51016412a78236651c567d3719fe677a43ab6ad277e05348ae5",
  W4: "5f3bfcebe57693b7a80a9a3d177ac629945087dc9733f1c4dd4812066925ef38",
};

const all = [...Object.values(workloads).map((make) => make()), large(1000)];

for (const workload of all) {
  const { id, document, checks } = workload;

  test(`${id} asks what it has always asked`, () => {
    assert.equal(createHash("sha256").update(JSON.stringify([document, checks])).digest("hex"), DIGESTS[id]);
  });

  test(`${id} is answered by the reference, half of it with yes`, () => {
    for (const { u, a, r, o, e } of checks) assert.equal(allows(document, u, a, r, o), e);
    assert.equal(checks.filter((check) => check.e).length, checks.length / 2);
  });

  for (const name of ["latchgate", "latchgate/casl"]) test(`${id} is answered by ${name} as by the reference`, async () => {
    const engine = await engineOf(name, workload);
    assert.deepEqual(await verify({ call: engine.check, fields: ["u", "a", "r", "o"], checks }), { asked: checks.length, wrong: 0, first: undefined });
  });
}

test("every form of asking W1 and W2 gives the same answers", async () => {
  const [w1, w2] = all;
  const [{ u: user }] = w1.checks;
  const forms = [...(await engineOf("latchgate", w1)).sessionForms(user, w1.checks), ...(await engineOf("latchgate", w2)).serverForms(w2.checks)];
  const built = forms.filter((form) => !form.missing);
  assert.ok(built.length >= 2);
  for (const form of built) assert.equal((await verify(form)).wrong, 0, form.name);
});

test("a wrong answer is noticed, and so is an exception", async () => {
  const checks = [{ a: "read", e: true }, { a: "write", e: false }];
  assert.equal((await verify({ call: () => true, fields: ["a"], checks })).wrong, 1);
  assert.equal((await verify({ call: () => assert.fail("broken"), fields: ["a"], checks })).wrong, 2);
  assert.equal((await adapterOf("latchgate")).ours, true);
});
