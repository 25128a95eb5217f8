// What the package answers, in all the ways in which it can be asked; a way that answers otherwise than `check` is a difference too.

import { loadPolicy } from "latchgate";
import { loadPolicy as openPolicy } from "latchgate/reader";

/** The snapshot of a case for `casl@7`: one list of rules, and whoever has just that. */
export const caslSnapshot = ({ rules, options }) => ({ system: "casl", options, payloads: { [WHO]: rules } });

/** The same for Open Archiver: the rules in two roles of one user (A1). */
export const archiverSnapshot = ({ rules, user }) => {
  const middle = rules.length >> 1;
  const roles = [rules.slice(0, middle), rules.slice(middle)].map((policies, index) => ({ id: `r${index}`, name: `r${index}`, policies }));
  return { system: "open-archiver", payloads: { roles, users: [{ id: user, label: WHO, roles: ["r0", "r1"] }] } };
};

const WHO = "who";

/** Answers `{ ask → effect }`, where a way that disagrees with the others makes an effect that no oracle has. */
export function latchgate(snapshot, { isStrange }) {
  let policy;
  try {
    policy = loadPolicy(snapshot);
  } catch (error) {
    return { answer: () => `refused: ${error.code} ${error.path} ${error.message}`, free: () => undefined };
  }
  const compiled = openPolicy(policy.compiled());
  const slice = openPolicy(policy.slice(WHO));
  const policies = [policy, compiled, slice];
  const asked = policies.map((one) => one.principal(WHO));
  const answer = (ask) => {
    const [first, ...others] = asked.map((user) => answerOf(user, ask));
    const other = others.findIndex((one) => one !== first);
    if (other >= 0) return `${first}, but ${others[other]} from the ${["compiled snapshot", "slice"][other]}`;
    // As data, and then all of the record crosses.
    const isData = ask.kind !== "filter" && !isStrange && !Array.isArray(ask.record);
    const whole = isData ? policy.decide(questionOf(ask)).effect : first;
    return whole === first ? first : `${first}, but ${whole} of the whole record`;
  };
  return { answer, free: () => [...asked, ...policies].forEach((one) => one.free()) };
}

const questionOf = ({ kind, action, subject, record, field }) => ({ principal: WHO, ask: { kind, action, subject, ...(kind === "instance" && { object: record }), ...(field !== undefined && { field }) } });

function answerOf(user, { kind, action, subject, record, field }) {
  if (kind === "filter") return user.filter(action, subject).kind;
  const [quick, full] =
    kind === "type"
      ? [() => user.canAny(action, subject, field), () => user.checkAny(action, subject, field)]
      : [() => user.can(action, subject, record, field), () => user.check(action, subject, record, field)];
  // Before the full way, and after it, when more is known by number.
  const before = quick();
  const { effect, code } = full();
  const after = quick();
  if (code === "invalid_question") return "refused: invalid_question";
  if (before !== (effect === "allow") || after !== before) return `${effect}, but can says ${before} and then ${after}`;
  return effect;
}
