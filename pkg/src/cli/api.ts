// The one place of the command line that names the package's Node entry: every other file imports from here.
export { loadPolicy, LatchgateError } from "../entry.inline.js";
export type { Decision, Policy, Question } from "../entry.inline.js";
