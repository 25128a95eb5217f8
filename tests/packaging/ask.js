import example from "./example.js";

/** The same few lines for every consumer. The answers are checked by whoever runs it. */
export function ask(latchgate) {
  return askOn(latchgate, example.snapshot);
}

/** The same for the reader: the snapshot has been compiled. */
export function askReader(reader) {
  return askOn(reader, Uint8Array.from(atob(example.compiled), (character) => character.charCodeAt(0)));
}

function askOn({ loadPolicy, LatchgateError }, snapshot) {
  const policy = loadPolicy(snapshot);
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
