// The forms in which latchgate is asked, beside the two strings of `canAny`. A form that the built package does not have yet is
// reported as missing, never left out without a word.

import { literal } from "../workloads/names.mjs";

const MISSING = "not built";

// Checks are plain literals here: V8 reads the fields of a copy made by spreading several times more slowly.

/** The same checks by one text, each text a string of the program. */
export const withTexts = (checks) => checks.map(({ u, a, r, e }) => ({ u, text: literal(`${r}:${a}`), e }));

function withHandles(policy, checks) {
  const handles = new Map();
  return withTexts(checks).map(({ u, text, e }) => {
    if (!handles.has(text)) handles.set(text, policy.permission(text));
    return { u, handle: handles.get(text), e };
  });
}

/** One user who is known: `principal` is theirs. */
export function sessionForms(policy, principal, checks) {
  const handles = typeof policy.permission === "function";
  return [
    { name: "latchgate, one string", call: (text) => principal.can(text), fields: ["text"], checks: withTexts(checks) },
    handles ? { name: "latchgate, handle", call: (handle) => principal.can(handle), fields: ["handle"], checks: withHandles(policy, checks) } : { name: "latchgate, handle", missing: MISSING },
    typeof policy.permissions === "function" ? batch(policy, principal, checks) : { name: "latchgate, batch", missing: MISSING },
  ];
}

/** All checks in one call; the time is counted for one of them. */
function batch(policy, principal, checks) {
  // The names are looked up once, as a screen would do it.
  const handles = policy.permissions(withTexts(checks).map((check) => check.text));
  const out = new Uint8Array(checks.length);
  const asked = { handles, out, e: true };
  return {
    name: "latchgate, batch",
    call: (all, answers) => principal.canMany(all, answers),
    fields: ["handles", "out"],
    checks: [asked],
    per: checks.length,
    answer: () => checks.every((check, i) => (out[i] === 1) === check.e),
  };
}

/** Any user: `principalOf` looks theirs up. */
export function serverForms(policy, principalOf, checks) {
  return [
    { name: "latchgate, one string", call: (user, text) => principalOf(user).can(text), fields: ["u", "text"], checks: withTexts(checks) },
    typeof policy.permission === "function"
      ? { name: "latchgate, handle", call: (user, handle) => principalOf(user).can(handle), fields: ["u", "handle"], checks: withHandles(policy, checks) }
      : { name: "latchgate, handle", missing: MISSING },
  ];
}

/** Whether `can(action, type, record)` is understood; before, the type had to stand in the record. */
export function recordQuestion(principal) {
  try {
    principal.can("read", "order", { id: "probe" });
    return (of, action, type, record) => of.can(action, type, record);
  } catch {
    return (of, action, type, record) => of.can(action, { ...record, type });
  }
}
