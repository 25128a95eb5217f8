// The loop around a candidate's calls, written anew for each candidate: V8 optimises a call site for what it has seen there, and
// in a loop that all candidates share every one of them would pay for the others.

let made = 0;

/** `loop(call, checks, count, from)` asks `count` checks in order, beginning anew after the last; gives how many were truthy. */
export function loopOver(fields, isAsync) {
  const call = `${isAsync ? "await " : ""}call(${fields.map((field) => `check.${field}`).join(", ")})`;
  const body = `
    // loop ${made++}
    return ${isAsync ? "async " : ""}function (call, checks, count, from) {
      const length = checks.length;
      let at = from % length;
      let truthy = 0;
      for (let i = 0; i < count; i++) {
        const check = checks[at];
        if (${call}) truthy++;
        if (++at === length) at = 0;
      }
      return truthy;
    };`;
  return new Function(body)();
}
