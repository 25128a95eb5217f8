// The recorded snapshots of all systems.

import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../vectors/snapshots/", import.meta.url);

/** Name to text. */
export const snapshots = Object.fromEntries(readdirSync(folder).sort().map((file) => [file.replace(/\.json$/, ""), readFileSync(new URL(file, folder), "utf8")]));
if (Object.keys(snapshots).length < 6) throw new Error("the recorded snapshots are not there");

/** A snapshot of the native system, with one role that its user has and one that it has not. */
export const team = () => ({
  system: "latchgate",
  payloads: {
    combining: "deny-overrides",
    roles: [
      { key: "reader", grants: [{ permissions: ["doc:read"] }] },
      { key: "editor", grants: [{ permissions: ["doc:write"], conditions: { owner: "${principal.id}" } }] },
      { key: "remover", grants: [{ permissions: ["doc:delete"] }] },
    ],
    principals: [
      { id: "ann", roles: ["reader", "editor"] },
      { id: "bob", roles: ["reader"] },
    ],
  },
});
