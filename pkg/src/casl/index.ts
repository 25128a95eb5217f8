// The API of @casl/ability 7. The entry files add where the WebAssembly comes from.

export { Ability, createMongoAbility } from "./ability.js";
export { createAliasResolver, wrapArray } from "./aliases.js";
export { AbilityBuilder, defineAbility } from "./builder.js";
export { ForbiddenError } from "./error.js";
export { buildMongoQueryMatcher, fieldPatternMatcher, mongoQueryMatcher } from "./matchers.js";
export { init } from "./ready.js";
export { LatchgateError, type LatchgateErrorCode } from "../errors.js";
export { detectSubjectType, subject, trustedSubjectType } from "./subject.js";
export type { Rule, RuleOptions } from "./rule.js";
export type * as hkt from "./hkt.js";
export type * from "./hkt.js";
export type {
  Abilities, AbilityClass, AbilityOptions, AbilityOptionsOf, AbilityParameters, AbilityTuple, AnyAbility, AnyMongoAbility, CanParameters,
  ClaimRawRule, ConditionsMatcher, CreateAbility, EventHandler, ExtractSubjectType, FieldMatcher, ForcedSubject, Generics, GetErrorMessage,
  IfString, InferSubjects, MatchConditions, MatchField, MongoAbility, MongoQuery, MongoQueryFieldOperators, MongoQueryOperators,
  MongoQueryTopLevelOperators, Normalize, RawRule, RawRuleFrom, RawRuleOf, RuleOf, Subject, SubjectClass, SubjectRawRule, SubjectType,
  Unsubscribe, UpdateEvent,
} from "./types.js";
