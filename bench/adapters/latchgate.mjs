// This project: one principal for each user, made when first asked for and kept in a Map, as CASL's abilities are.

import * as latchgate from "latchgate";
import { recordQuestion, serverForms, sessionForms, withTexts } from "./latchgate-forms.mjs";
import { snapshotOf } from "./latchgate-snapshot.mjs";

export default {
  name: "latchgate",
  ours: true,
  init: () => latchgate.init(),
  translate: (document) => Buffer.from(JSON.stringify(snapshotOf(document))),
  load(bytes) {
    const policy = latchgate.loadPolicy(bytes);
    const principals = new Map();
    const of = (user) => {
      let principal = principals.get(user);
      if (principal === undefined) principals.set(user, (principal = policy.principal(user)));
      return principal;
    };
    const askRecord = recordQuestion(policy.principal("nobody of this name"));
    return {
      check: (user, action, resource, record) => (record === undefined ? of(user).canAny(action, resource) : askRecord(of(user), action, resource, record)),
      session(user) {
        const principal = of(user);
        return (action, resource) => principal.canAny(action, resource);
      },
      sessionForms: (user, checks) => sessionForms(policy, of(user), checks),
      serverForms: (checks) => serverForms(policy, of, checks),
      explain(user, checks) {
        const principal = of(user);
        return { name: "latchgate check", call: (text) => principal.check(text), fields: ["text"], checks: withTexts(checks), answer: (decision) => decision.effect === "allow" };
      },
      ready: [
        { name: "latchgate", call: (user) => freed(policy.principal(user)), answer: undefined },
        { name: "latchgate, first check", call: (user, action, resource) => askedOnce(policy.principal(user), action, resource) },
      ],
      warm: (users) => users.forEach(of),
    };
  },
};

function freed(principal) {
  principal.free();
  return true;
}

function askedOnce(principal, action, resource) {
  const answer = principal.canAny(action, resource);
  principal.free();
  return answer;
}
