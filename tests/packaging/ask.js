import example from "./example.js";

/** The same few lines for every consumer. The answers are checked by whoever runs it. */
export function ask({ loadPolicy, LatchgateError }) {
  const policy = loadPolicy(example.snapshot);
  const answers = ["allow", "deny"].map((name) => policy.principal(example[name].principal).can(example[name].permission));
  policy.free();
  let refused = false;
  try {
    loadPolicy("no JSON");
  } catch (error) {
    refused = error instanceof LatchgateError;
  }
  return JSON.stringify({ allow: answers[0], deny: answers[1], refused });
}
