// Cases that once differed, or that nothing generated comes upon often enough: always compared, and first.

import { readFileSync } from "node:fs";

const CASES = JSON.parse(readFileSync(new URL("cases.json", import.meta.url), "utf8"));

/** Those of a profile, each with why it is there. */
export const committed = (profile) =>
  CASES.filter(({ profiles }) => profiles.includes(profile)).map(({ options = {}, user = "u-1", rules, asks, why }) => ({ options, user, rules, asks, why }));
