// One suite for every runtime: arguments in, facts out, nothing but the language in between. Each vector is asked twice,
// as a whole question and through the methods a program would use, and both must agree to the letter.

/** `data`: { vectors, snapshots: { name: text } }. Gives the number of cases, the failures, all decisions as JSON, and what was compiled. */
export function runSuite(latchgate, data) {
  const load = (vector) => latchgate.loadPolicy(vector.snapshot === "inline" ? inlineSnapshot(vector.policies) : data.snapshots[vector.snapshot]);
  const compiled = {};
  const compileAll = (policy, key, vector) => {
    compiled[key] ??= hex(policy.compiled());
    compiled[`slice ${vector.id}`] = hex(sliceFor(policy, vector));
  };
  const { failures, decisions } = askVectors(data, load, compileAll);
  const checks = apiCases(latchgate, data);
  runCases(checks, failures);
  return { ran: data.vectors.length + checks.length, vectors: data.vectors.length, failures, decisions: JSON.stringify(decisions), compiled };
}

/** The same on the reader. `data`: { vectors, compiled: { key: base64 } }, where `latchgate` has compiled what `keyOf` and `slice ID` name. */
export function runReaderSuite(reader, data) {
  const bytes = (key) => Uint8Array.from(atob(data.compiled[key]), (character) => character.charCodeAt(0));
  const load = (vector) => reader.loadPolicy(bytes(keyOf(vector)));
  // Codes and sentences may differ on a slice (it does not know what others may do); what is allowed may not.
  const askSlice = (_policy, _key, vector) => {
    const slice = reader.loadPolicy(bytes(`slice ${vector.id}`));
    const complaint = complaintAbout(vector, slice.decide({ id: vector.id, principal: vector.principal, ask: vector.ask }));
    slice.free();
    return complaint && `its slice: ${complaint}`;
  };
  const { failures, decisions } = askVectors(data, load, askSlice);
  const checks = readerCases(reader, data, bytes);
  runCases(checks, failures);
  return { ran: data.vectors.length * 2 + checks.length, vectors: data.vectors.length, failures, decisions: JSON.stringify(decisions) };
}

/** The same on the insight build: the vectors, and the digest of every snapshot. */
export function runInsightSuite(latchgate, data) {
  const load = (vector) => latchgate.loadPolicy(vector.snapshot === "inline" ? inlineSnapshot(vector.policies) : data.snapshots[vector.snapshot]);
  const digests = {};
  const digest = (policy, key) => {
    digests[key] ??= policy.digest();
  };
  const { failures, decisions } = askVectors(data, load, digest);
  return { ran: data.vectors.length, vectors: data.vectors.length, failures, decisions: JSON.stringify(decisions), digests };
}

function askVectors(data, load, also) {
  const failures = [];
  const decisions = [];
  const policies = new Map();
  for (const vector of data.vectors) {
    try {
      const key = keyOf(vector);
      if (!policies.has(key)) policies.set(key, load(vector));
      const policy = policies.get(key);
      const decision = policy.decide({ id: vector.id, principal: vector.principal, ask: vector.ask });
      decisions.push(decision);
      const complaint = complaintAbout(vector, decision) ?? complaintAboutMethods(policy, vector, decision) ?? also(policy, key, vector);
      if (complaint !== undefined) failures.push(`${vector.id}: ${complaint}`);
    } catch (error) {
      decisions.push(String(error));
      failures.push(`${vector.id}: threw ${error.name} ${error.code ?? ""} ${error.path ?? ""}: ${error.message}`);
    }
  }
  for (const policy of policies.values()) policy.free();
  return { failures, decisions };
}

function runCases(checks, failures) {
  for (const [name, holds] of checks) {
    try {
      if (!holds()) failures.push(`api: ${name}`);
    } catch (error) {
      failures.push(`api: ${name}: threw ${error.name} ${error.code ?? ""}: ${error.message}`);
    }
  }
}

/** One for each snapshot. */
export const keyOf = (vector) => (vector.snapshot === "inline" ? `inline ${vector.id}` : vector.snapshot);

/** What the principal of a vector needs. */
export const sliceFor = (policy, vector) => policy.slice(vector.principal, vector.ask.roles === undefined ? {} : { roles: vector.ask.roles });

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

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
      const { action, subject, object } = ask;
      return { can: principal.can(action, subject, object), check: principal.check(action, subject, object) };
    }
    case "filter":
      return { can: ["all", "conditions"].includes(principal.filter(ask.actions, ask.subject).kind) };
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
function apiCases({ loadPolicy, LatchgateError, init, compile }, data) {
  const thrown = throwsOf(LatchgateError);
  // Nothing is wrong with it but what stands in this place.
  const named = (tenant) => `{"system":"kura","tenant":"${tenant}","payloads":{"identities":[]}}`;
  const bytesNamed = (byte) => new TextEncoder().encode(named("?")).map((known) => (known === 0x3f ? byte : known));
  const loads = (source) => {
    loadPolicy(source).free();
    return true;
  };
  const cases = [
    ["there is an init function", () => typeof init === "function"],
    ["text that is no JSON is refused with a code", () => /^ERR_/.test(thrown(() => loadPolicy("{"))?.code)],
    ["bytes that are no UTF-8 are refused with a code", () => loads(bytesNamed(0x74)) && thrown(() => loadPolicy(bytesNamed(0xff)))?.code === "ERR_JSON"],
    ["half a surrogate pair in the text is refused", () => loads(named("\ufffd")) && thrown(() => loadPolicy(named("\ud800")))?.code === "ERR_JSON"],
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
    about("compiled it is the same: what it says, what it answers, and its bytes once more", (policy) => {
      const bytes = policy.compiled();
      const opened = loadPolicy(bytes);
      const { counts, warnings, attributes } = opened;
      const question = { principal: "nobody knows me", ask: { kind: "permission", permission: "x:y" } };
      const same = JSON.stringify({ counts, warnings, attributes }) === JSON.stringify({ counts: policy.counts, warnings: policy.warnings, attributes: policy.attributes });
      const alike = JSON.stringify(opened.decide(question)) === JSON.stringify(policy.decide(question));
      const again = hex(opened.compiled()) === hex(bytes) && hex(compile(text)) === hex(bytes) && hex(compile(bytes)) === hex(bytes);
      opened.free();
      return same && alike && again;
    });
    about("an unknown principal is denied", (policy) => policy.principal("nobody knows me").check("x:y").effect === "deny");
    about("nobody is denied", (policy) => policy.principal(null).can("x:y") === false && policy.principal(undefined).can("x:y") === false);
    about("a name with half a surrogate pair is never allowed, nor taken for another", (policy) => {
      const user = policy.principal(null);
      return user.can("x:\ud800") === false && user.check("x:\ud800").code === "invalid_question" && user.check("x:\ufffd").effect === "deny";
    });
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

/** Calls something that must throw an error of the package; the error, or nothing. */
const throwsOf = (LatchgateError) => (work) => {
  try {
    work();
  } catch (error) {
    return error instanceof LatchgateError && error.name === "LatchgateError" ? error : undefined;
  }
  return undefined;
};

/** The same for the reader, which takes nothing but compiled snapshots. */
function readerCases({ loadPolicy, LatchgateError, init, version, ...others }, data, bytesOf) {
  const thrown = throwsOf(LatchgateError);
  const cases = [
    ["there are an init function and a version", () => typeof init === "function" && /^\d+\.\d+\.\d+$/.test(version())],
    ["there is nothing to compile with", () => others.compile === undefined],
    ["a text is refused with a hint", () => thrown(() => loadPolicy("{}"))?.code === "ERR_ARGUMENT"],
    ["JSON in bytes is refused", () => thrown(() => loadPolicy(new TextEncoder().encode('{"system":"kura"}')))?.code === "ERR_COMPILED"],
    ["no bytes at all are refused", () => thrown(() => loadPolicy(new Uint8Array(0)))?.code === "ERR_COMPILED"],
  ];
  for (const key of Object.keys(data.compiled).filter((key) => !key.includes(" "))) {
    const about = (sentence, holds) =>
      cases.push([`${key}: ${sentence}`, () => {
        const policy = loadPolicy(bytesOf(key));
        try {
          return holds(policy, bytesOf(key));
        } finally {
          policy.free();
        }
      }]);
    about("buffer and piece of a buffer answer like the bytes", (policy, bytes) => {
      const padded = new Uint8Array(bytes.length + 10);
      padded.set(bytes, 5);
      const others = [loadPolicy(bytes.buffer), loadPolicy(padded.subarray(5, 5 + bytes.length)), loadPolicy(new DataView(padded.buffer, 5, bytes.length))];
      const same = others.every((other) => JSON.stringify(other.counts) === JSON.stringify(policy.counts) && other.system === policy.system);
      for (const other of others) other.free();
      return same && policy.counts.principals > 0;
    });
    about("one byte more or less, or another one, is refused, and the policy goes on answering", (policy, bytes) => {
      const question = { principal: null, ask: { kind: "permission", permission: "x:y" } };
      const before = JSON.stringify(policy.decide(question));
      const longer = new Uint8Array(bytes.length + 1);
      longer.set(bytes);
      const changed = bytes.slice();
      changed[bytes.length >> 1] ^= 0x10;
      const refused = [bytes.subarray(0, bytes.length - 1), longer, changed].every((bad) => thrown(() => loadPolicy(bad))?.code === "ERR_COMPILED");
      return refused && JSON.stringify(policy.decide(question)) === before;
    });
    about("another format is refused by code", (_policy, bytes) => {
      bytes[4] += 1;
      return thrown(() => loadPolicy(bytes))?.code === "ERR_FORMAT_UNKNOWN";
    });
    about("an unknown principal is denied", (policy) => policy.principal("nobody knows me").check("x:y").effect === "deny");
    about("nobody is denied", (policy) => policy.principal(null).can("x:y") === false);
    about("has no lists and no bytes to give", (policy) => policy.list === undefined && policy.compiled === undefined);
    about("a freed policy refuses, its principals still answer", (policy) => {
      const principal = policy.principal(null);
      policy.free();
      return thrown(() => policy.decide({}))?.code === "ERR_FREED" && principal.can("x:y") === false;
    });
  }
  return cases;
}
