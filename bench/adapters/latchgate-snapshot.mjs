// A workload's document as a native snapshot, one grant for each grant of the document.

export function snapshotOf(document) {
  return {
    format: 1,
    system: "latchgate",
    payloads: {
      combining: "additive",
      roles: Object.entries(document.roles).map(([key, grants]) => ({ key, grants: grants.map(grantOf) })),
      principals: Object.entries(document.users).map(([id, roles]) => ({ id, roles })),
    },
  };
}

function grantOf({ a, r, c }) {
  const grant = { actions: [a], resources: [r] };
  return c ? { ...grant, conditions: conditionsOf(c) } : grant;
}

function conditionsOf(condition) {
  const conditions = {};
  for (const [field, wanted] of Object.entries(condition)) {
    if (wanted === "$user.id") conditions[field] = "${principal.id}";
    else if (typeof wanted !== "object") conditions[field] = wanted;
    else conditions[field] = { ...(wanted.in && { $in: wanted.in }), ...(wanted.lt !== undefined && { $lt: wanted.lt }) };
  }
  return conditions;
}
