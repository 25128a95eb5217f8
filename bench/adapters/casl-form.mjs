// How a document becomes abilities, for whatever makes them as CASL does: one for each user, built when first asked for and kept, as
// CASL's documentation advises.

export const options = { detectSubjectType: (record) => record.kind };

export const adapterWith = (createMongoAbility, name) => ({
  name,
  load(document) {
    const abilities = new Map();
    const build = (user) => createMongoAbility(rulesOf(document, document.users[user], user), options);
    const of = (user) => {
      let ability = abilities.get(user);
      if (ability === undefined) abilities.set(user, (ability = build(user)));
      return ability;
    };
    return {
      check: (user, action, resource, record) => of(user).can(action, record || resource),
      session(user) {
        const ability = of(user);
        return (action, resource, record) => ability.can(action, record || resource);
      },
      explain(user) {
        const ability = of(user);
        return { name: `${name} relevantRuleFor`, call: (action, resource) => ability.relevantRuleFor(action, resource), answer: (rule) => rule !== null && !rule.inverted };
      },
      ready: [
        { name, call: (user) => build(user), answer: undefined },
        { name: `${name}, first check`, call: (user, action, resource) => build(user).can(action, resource) },
      ],
      warm: (users) => users.forEach(of),
    };
  },
});

export function rulesOf(document, roles, user) {
  const rules = [];
  for (const role of roles) {
    for (const grant of document.roles[role]) {
      const rule = { action: grant.a === "*" ? "manage" : grant.a, subject: grant.r === "*" ? "all" : grant.r };
      if (grant.c) rule.conditions = conditionsOf(grant.c, user);
      rules.push(rule);
    }
  }
  return rules;
}

function conditionsOf(condition, user) {
  const query = {};
  for (const [field, wanted] of Object.entries(condition)) {
    if (wanted === "$user.id") query[field] = user;
    else if (typeof wanted !== "object") query[field] = wanted;
    else query[field] = { ...(wanted.in && { $in: wanted.in }), ...(wanted.lt !== undefined && { $lt: wanted.lt }) };
  }
  return query;
}
