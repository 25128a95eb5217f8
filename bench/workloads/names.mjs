// Names of actions and resources, as programs have them.

export const ACTIONS = ["read", "create", "update", "delete", "export", "approve", "archive", "share", "assign", "comment"];

const NOUNS = [
  "order", "invoice", "customer", "product", "report", "ticket", "project", "task", "user", "role",
  "payment", "refund", "shipment", "campaign", "document", "folder", "comment", "audit", "setting", "webhook",
];

export function resourceNames(count) {
  return Array.from({ length: count }, (_, i) => {
    const noun = NOUNS[i % NOUNS.length];
    const round = Math.floor(i / NOUNS.length);
    return literal(round === 0 ? noun : `${noun}_${round}`);
  });
}

/** The string as V8 holds a literal of the program: once, with its hash known. A string that was just put together is slower to look up. */
export const literal = (text) => Object.keys({ [text]: true })[0];
