// One suite for every runtime: arguments in, facts out, nothing but the language in between. Each vector is asked twice,
// as a whole question and through the methods a program would use, and both must agree to the letter.

/** `data`: { vectors, snapshots: { name: text } }. Gives the number of cases, the failures, and all decisions as JSON. */
export function runSuite(latchgate, data) {
  const failures = [];
  const decisions = [];
  const policies = new Map();
  for (const vector of data.vectors) {
    try {
      const policy = policyOf(latchgate, data, vector, policies);
      const decision = policy.decide({ id: vector.id, principal: vector.principal, ask: vector.ask });
      decisions.push(decision);
      const complaint = complaintAbout(vector, decision) ?? complaintAboutMethods(policy, vector, decision);
      if (complaint !== undefined) failures.push(`${vector.id}: ${complaint}`);
    } catch (error) {
      decisions.push(String(error));
      failures.push(`${vector.id}: threw ${error.name} ${error.code ?? ""} ${error.path ?? ""}: ${error.message}`);
    }
  }
  for (const policy of policies.values()) policy.free();
  const checks = apiCases(latchgate, data);
  for (const [name, holds] of checks) {
    try {
      if (!holds()) failures.push(`api: ${name}`);
    } catch (error) {
      failures.push(`api: ${name}: threw ${error.name} ${error.code ?? ""}: ${error.message}`);
    }
  }
  return { ran: data.vectors.length + checks.length, vectors: data.vectors.length, failures, decisions: JSON.stringify(decisions) };
}

function policyOf({ loadPolicy }, data, vector, policies) {
  const inline = vector.snapshot === "inline";
  const key = inline ? `inline ${vector.id}` : vector.snapshot;
  if (!policies.has(key)) policies.set(key, loadPolicy(inline ? inlineSnapshot(vector.policies) : data.snapshots[vector.snapshot]));
  return policies.get(key);
}

/** The snapshot of a vector that brings its own rules: one role, held by the only user. */
export function inlineSnapshot(policies) {
  return {
    system: "open-archiver",
    payloads: {
      roles: [{ id: "inline", name: "inline", policies }],
      users: [{ id: "u:inline", email: "inline@example.org", roles: ["inline"] }],
    },
  };
}

function complaintAbout(vector, decision) {
  const got = vector.ask.kind === "filter" && decision.effect !== "error" ? decision.filter : decision.effect;
  if (got !== vector.expected) return `expected ${vector.expected}, got ${got} (${decision.code}: ${decision.message})`;
  if (JSON.stringify(decision.id) !== JSON.stringify(vector.id)) return "the id is not repeated";
  return undefined;
}

function complaintAboutMethods(policy, vector, decision) {
  const { tenant, auth, sessionScopes } = vector.ask;
  const principal = policy.principal(vector.principal, { tenant, auth, sessionScopes });
  try {
    const { can, check } = askThrough(principal, vector.ask);
    if (can !== undefined && can !== (decision.effect === "allow")) return `can() says ${can}, decide() says ${decision.effect}`;
    const { id, ...rest } = decision;
    if (check !== undefined && JSON.stringify(check) !== JSON.stringify(rest)) return `check() says ${JSON.stringify(check)}, decide() says ${JSON.stringify(rest)}`;
    return undefined;
  } finally {
    principal.free();
  }
}

/** `undefined` where there is no such method for this kind of question. */
function askThrough(principal, ask) {
  switch (ask.kind) {
    case "type":
      return { can: principal.canAny(ask.action, ask.subject), check: principal.checkAny(ask.action, ask.subject) };
    case "instance": {
      const record = { ...ask.object, type: ask.subject };
      return { can: principal.can(ask.action, record), check: principal.check(ask.action, record) };
    }
    case "filter":
      return { can: principal.filter(ask.actions, ask.subject) !== "none" };
    case "route":
      if (ask.layer !== undefined) return {};
      return { can: principal.canRequest(ask.method, ask.path, ask.attributes), check: principal.checkRequest(ask.method, ask.path, ask.attributes) };
    default:
      if (ask.allOf) return { can: principal.canAll(ask.allOf) };
      if (ask.anyOf) return { can: principal.canSome(ask.anyOf) };
      return { can: principal.can(ask.permission), check: principal.check(ask.permission) };
  }
}

/** What must hold for every system and in every runtime, as pairs of a sentence and a test. */
function apiCases({ loadPolicy, LatchgateError, init }, data) {
  const thrown = (work) => {
    try {
      work();
    } catch (error) {
      return error instanceof LatchgateError && error.name === "LatchgateError" ? error : undefined;
    }
    return undefined;
  };
  const cases = [
    ["there is an init function", () => typeof init === "function"],
    ["text that is no JSON is refused with a code", () => /^ERR_/.test(thrown(() => loadPolicy("{"))?.code)],
    ["bytes that are no UTF-8 are refused with a code", () => /^ERR_/.test(thrown(() => loadPolicy(new Uint8Array([0x22, 0xff, 0x22])))?.code)],
    ["half a surrogate pair in the text is refused", () => /^ERR_/.test(thrown(() => loadPolicy('{"system":"\ud800"}'))?.code)],
    ["a system nobody knows is refused", () => /^ERR_/.test(thrown(() => loadPolicy({ system: "nowhere", payloads: {} }))?.code)],
  ];
  for (const [name, text] of Object.entries(data.snapshots)) {
    const about = (sentence, holds) =>
      cases.push([`${name}: ${sentence}`, () => {
        const policy = loadPolicy(text);
        try {
          return holds(policy);
        } finally {
          policy.free();
        }
      }]);
    about("says which system it is", (policy) => policy.system === JSON.parse(text).system && policy.counts.principals >= 0);
    about("bytes and object answer like the text", (policy) => {
      const others = [loadPolicy(new TextEncoder().encode(text)), loadPolicy(new TextEncoder().encode(text).buffer), loadPolicy(JSON.parse(text))];
      const same = others.every((other) => JSON.stringify(other.counts) === JSON.stringify(policy.counts));
      for (const other of others) other.free();
      return same;
    });
    about("an unknown principal is denied", (policy) => policy.principal("nobody knows me").check("x:y").effect === "deny");
    about("nobody is denied", (policy) => policy.principal(null).can("x:y") === false && policy.principal(undefined).can("x:y") === false);
    about("a name with half a surrogate pair is never allowed", (policy) => policy.principal(null).can("x:\ud800") === false);
    about("lists its roles", (policy) => Array.isArray(policy.list("roles")));
    about("refuses a list that does not exist", (policy) => thrown(() => policy.list("no such list"))?.code === "ERR_LIST_UNKNOWN");
    about("refuses a type where a record belongs", (policy) => thrown(() => policy.principal(null).can("read", "archive"))?.code === "ERR_ARGUMENT");
    about("a question that is none is an error and no exception", (policy) => policy.decide({}).code === "invalid_question");
    about("a freed policy refuses, its principals still answer", (policy) => {
      const principal = policy.principal(null);
      policy.free();
      policy.free();
      return thrown(() => policy.decide({}))?.code === "ERR_FREED" && principal.can("x:y") === false;
    });
  }
  return cases;
}
