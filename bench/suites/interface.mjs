// W1, a user interface.

import { checkJobs, checkSummary } from "./checks.mjs";

export const title = "W1: one user, 1,000 checks";

export const jobs = (options) => checkJobs("W1", options, { withFloors: true });

export const summary = checkSummary;
