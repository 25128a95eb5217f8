// The one place of the command line that names the package's Node entry: every other file imports from here.
export { loadPolicy, LatchgateError, type LatchgateErrorCode } from "../entry.inline.js";
export type { Context, Counts, Decision, Layout, Policy, PrincipalRef, Question } from "../entry.inline.js";
