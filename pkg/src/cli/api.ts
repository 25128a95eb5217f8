// The one place of the command line that names the package's Node entry: every other file imports from here.
export { lint, loadPolicy, LatchgateError, type LatchgateErrorCode } from "../entry.inline.js";
export type { Context, Counts, Decision, Layout, Lint, Policy, PrincipalRef, Question } from "../entry.inline.js";
