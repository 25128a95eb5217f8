// What a careful program writes by hand for these workloads alone: names by number, a bit for each action on each resource of a
// user, conditions as functions made from text (which a content security policy forbids). No product; the mark that
// JavaScript itself sets.

export default {
  name: "hand:bits",
  load(document) {
    const table = numbered(document);
    const users = new Map();
    const of = (user) => {
      let held = users.get(user);
      if (held === undefined) users.set(user, (held = build(document, table, user)));
      return held;
    };
    const { actions, resources, width } = table;
    const ask = (held, user, action, resource, record) => {
      const at = (resources.get(resource) ?? resources.size) * width + (actions.get(action) ?? actions.size);
      if ((held.bits[at >> 5] >>> (at & 31)) & 1) return true;
      if (record === undefined) return false;
      const condition = held.conditions.get(at);
      return condition !== undefined && condition(record, user);
    };
    return {
      check: (user, action, resource, record) => ask(of(user), user, action, resource, record),
      session(user) {
        const held = of(user);
        return (action, resource, record) => ask(held, user, action, resource, record);
      },
      ready: [{ name: "hand:bits", call: (user) => build(document, table, user), answer: undefined }],
      warm: (users) => users.forEach(of),
    };
  },
};

/** The last row and column stand for names that no grant mentions. */
function numbered(document) {
  const actions = new Map();
  const resources = new Map();
  const number = (names, name) => name !== "*" && !names.has(name) && names.set(name, names.size);
  for (const grants of Object.values(document.roles)) {
    for (const { a, r } of grants) {
      number(actions, a);
      number(resources, r);
    }
  }
  return { actions, resources, width: actions.size + 1, height: resources.size + 1 };
}

function build(document, { actions, resources, width, height }, user) {
  const bits = new Uint32Array(((width * height) >> 5) + 1);
  const texts = new Map();
  for (const role of document.users[user]) {
    for (const grant of document.roles[role]) {
      for (const row of grant.r === "*" ? Array(height).keys() : [resources.get(grant.r)]) {
        for (const column of grant.a === "*" ? Array(width).keys() : [actions.get(grant.a)]) {
          const at = row * width + column;
          if (grant.c) texts.set(at, [...(texts.get(at) ?? []), textOf(grant.c)]);
          else bits[at >> 5] |= 1 << (at & 31);
        }
      }
    }
  }
  return { bits, conditions: new Map([...texts].map(([at, list]) => [at, new Function("record", "user", `return ${list.join(" || ")};`)])) };
}

function textOf(condition) {
  const parts = Object.entries(condition).flatMap(([field, wanted]) => {
    const value = `record[${JSON.stringify(field)}]`;
    if (wanted === "$user.id") return [`${value} === user`];
    if (typeof wanted !== "object") return [`${value} === ${JSON.stringify(wanted)}`];
    return [
      ...(wanted.in ? [`(${wanted.in.map((one) => `${value} === ${JSON.stringify(one)}`).join(" || ")})`] : []),
      ...(wanted.lt !== undefined ? [`${value} < ${wanted.lt}`] : []),
    ];
  });
  return `(${parts.join(" && ")})`;
}
