// Snapshots of one user, for tests about records.

import { loadPolicy } from "latchgate";

/** A user of Open Archiver with these rules. */
export function userWith(...policies) {
  const policy = loadPolicy({
    system: "open-archiver",
    payloads: {
      roles: [{ id: "inline", name: "inline", policies }],
      users: [{ id: "u:inline", email: "inline@example.org", roles: ["inline"] }],
    },
  });
  return policy.principal("u:inline");
}

/** May read what fulfils the conditions. */
export const reader = (conditions) => userWith({ action: "read", subject: "archive", conditions });

/** A user of a native snapshot with these grants. */
export function nativeUserWith(...grants) {
  const policy = loadPolicy({ format: 1, system: "latchgate", payloads: { combining: "deny-overrides", principals: [{ id: "u", grants }] } });
  return policy.principal("u");
}
