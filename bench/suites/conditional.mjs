// W3, conditions on a record.

import { checkJobs, checkSummary } from "./checks.mjs";

export const title = "W3: grants with conditions";

export const jobs = (options) => checkJobs("W3", options);

export const summary = checkSummary;
