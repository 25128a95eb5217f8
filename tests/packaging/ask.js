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

/** The whole snapshot is asked: who may. */
export function askInsight({ loadPolicy, LatchgateError, lint }) {
  const policy = loadPolicy(example.snapshot);
  const answers = ["allow", "deny"].map((name) => policy.who(example[name].permission).principals.some(({ id }) => id === example[name].principal));
  policy.free();
  let refused = false;
  try {
    lint("no JSON");
  } catch (error) {
    refused = error instanceof LatchgateError;
  }
  return JSON.stringify({ allow: answers[0], deny: answers[1], refused });
}

/** An ability whose rules were packed and unpacked on the way, asked about records. */
export function askCasl({ createMongoAbility, defineAbility, ForbiddenError, subject }, { packRules, unpackRules }) {
  const { rules } = defineAbility((can, cannot) => {
    can("read", "Post", { published: true });
    cannot("read", "Post", ["draft"]);
  });
  const ability = createMongoAbility(unpackRules(packRules(rules)));
  const answers = [true, false].map((published) => ability.can("read", subject("Post", { published })));
  let refused = false;
  try {
    ForbiddenError.from(ability).throwUnlessCan("read", subject("Post", { published: true }), "draft");
  } catch (error) {
    refused = error instanceof ForbiddenError && error.field === "draft";
  }
  return JSON.stringify({ allow: answers[0], deny: answers[1], refused });
}
