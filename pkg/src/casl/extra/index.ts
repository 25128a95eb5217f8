// The API of @casl/ability/extra 7: what can be made of rules without asking for a decision.

export { AccessibleFields, permittedFieldsOf, type GetRuleFields, type GetSubjectTypeAllFieldsExtractor, type PermittedFieldsOptions } from "./permitted-fields.js";
export { packRules, unpackRules, type PackRule, type PackSubjectType, type UnpackSubjectType } from "./pack.js";
export { rulesToAST, rulesToCondition, type RuleToQueryConverter } from "./condition.js";
export { rulesToFields } from "./fields.js";
