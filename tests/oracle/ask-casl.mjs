// What CASL answers: "allow", "deny", or "error" where it throws. For lists "all", "none", "conditions" or "error".

import { openArchiver } from "./server.mjs";

/** Profile `casl@7`: the rules as they are. */
export const casl7 = (oracle) => ({ rules, options }) => {
  const ability = attempt(() => oracle.createMongoAbility(rules, options));
  return (ask) => (ability.threw ? "error" : answer(oracle, ability.value, ask, ask.record, () => listOf7(oracle, ability.value, ask)));
};

/** Profile `open-archiver`: the rules and the record as the server hands them to CASL. */
export const casl6 = (oracle) => ({ rules, user }) => {
  return (ask) => {
    // The server does so for every request; kept, the regular expressions of CASL 6 would remember with `g` where they were.
    const server = attempt(() => openArchiver(oracle, rules, user));
    if (server.threw) return "error";
    const { ability, record, list } = server.value;
    return answer(oracle, ability, ask, ask.kind === "instance" ? record(ask.record) : undefined, () => list(ask.action, ask.subject));
  };
};

function answer(oracle, ability, { kind, action, subject, field }, record, list) {
  const came = attempt(() => {
    if (kind === "filter") return list();
    return ability.can(action, kind === "type" ? subject : oracle.subject(subject, shallow(record)), field) ? "allow" : "deny";
  });
  return came.threw ? "error" : came.value;
}

/** A subject is marked by a member of its own, so each question has a copy. */
export const shallow = (record) => (Array.isArray(record) ? Object.assign([], { length: record.length }, record) : { ...record });

function listOf7({ extra }, ability, { action, subject }) {
  const ast = extra.rulesToAST(ability, action, subject);
  return ast === null ? "none" : known(ast);
}

/** What a tree lets through whatever the record: an `and` of nothing holds for everything. */
function known({ operator, value }) {
  const all = { and: "all", or: "none" }[operator];
  if (all !== undefined) {
    const parts = value.map(known);
    const none = all === "all" ? "none" : "all";
    if (parts.includes(none)) return none;
    return parts.every((part) => part === all) ? all : "conditions";
  }
  return operator === "not" ? { all: "none", none: "all", conditions: "conditions" }[known(value[0])] : "conditions";
}

function attempt(work) {
  try {
    return { value: work(), threw: false };
  } catch {
    return { threw: true };
  }
}
