// The types of the façade: names and meaning are those of @casl/ability 7, so that a program's annotations stay as they are.

import type { BuildMongoQuery, Condition, DefaultOperators } from "@ucast/mongo2js";
import type { Ability } from "./ability.js";
import type { AbilityBuilder, RuleBuilder } from "./builder.js";
import type { ForbiddenError } from "./error.js";
import type { Container, GenericFactory, ProduceGeneric } from "./hkt.js";
import type { Rule, RuleOptions } from "./rule.js";

export type { Container, Generic, GenericFactory, ProduceGeneric, Unpack } from "./hkt.js";

type AnyFunction = (...args: any[]) => any;
export type AnyRecord = Record<PropertyKey, any>;
export type AnyObject = Record<PropertyKey, unknown>;
export type AnyClass<T = any> = new (...args: any[]) => T;

// ── Subjects ──────────────────────────────────────────────────────────────────────────────────────────────────────

export type SubjectClass<N extends string = string> = AnyClass & { modelName?: N };
export type SubjectType = string | SubjectClass;
export type Subject = AnyRecord | SubjectType;

/** What `subject` makes of an object. */
export interface ForcedSubject<T> {
  readonly __caslSubjectType__: T;
}
/** Interfaces that bear the name of their type. */
export type TaggedInterface<T extends string> = ForcedSubject<T> | { readonly kind: T } | { readonly __typename: T };
type TagName<T> = T extends TaggedInterface<infer N> ? N : never;
type NamedClass<N> = AnyClass & { modelName: N };

export type ExtractSubjectType<S extends Subject> = Extract<S, SubjectType> | TagName<S>;
/** Types and instances by either of them. */
export type InferSubjects<T, IncludeTagName extends boolean = false> =
  | T
  | (T extends AnyClass<infer I> ? I | (IncludeTagName extends true ? (T extends NamedClass<infer N> ? N : TagName<I>) : never) : TagName<T>);

// ── What can be asked ─────────────────────────────────────────────────────────────────────────────────────────────

export type AbilityTuple<X extends string = string, Y extends Subject = Subject> = [X, Y];
/** Pairs of action and subject, or actions alone. */
export type Abilities = AbilityTuple | string;
export type AbilityTupleType<T extends string = string, U extends SubjectType = SubjectType> = [T, U];
export type AbilityTypes = string | AbilityTupleType;
export type ToAbilityTypes<T extends Abilities> = T extends AbilityTuple ? AbilityTupleType<T[0], ExtractSubjectType<T[1]>> : Extract<T, string>;
export type Normalize<T extends Abilities> = T extends AbilityTuple ? T : [T, string];
export type IfString<T, U> = T extends string ? U : never;
export type AbilityParameters<T extends Abilities, OfTuple extends AnyFunction, OfString extends AnyFunction = () => 0, Else = IfString<T, Parameters<OfString>>> =
  T extends AbilityTuple ? Parameters<OfTuple> : Else;
export type CanParameters<T extends Abilities, IncludeField extends boolean = true> = AbilityParameters<
  T,
  T extends AbilityTuple ? (IncludeField extends true ? (action: T[0], subject: T[1], field?: string) => 0 : (action: T[0], subject: T[1]) => 0) : never,
  (action: Extract<T, string>) => 0
>;
/** The same where only a type will do. */
export type TypeParameters<T extends Abilities, IncludeField extends boolean = true> = AbilityParameters<
  T,
  T extends AbilityTuple
    ? IncludeField extends true
      ? (action: T[0], subject: ExtractSubjectType<T[1]>, field?: string) => 0
      : (action: T[0], subject: ExtractSubjectType<T[1]>) => 0
    : never,
  (action: Extract<T, string>) => 0
>;

// ── Rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────

interface AnyRule<C> {
  /** None for all fields; patterns may hold `*` and `**`. */
  fields?: string | string[];
  conditions?: C;
  /** Whether the rule denies. */
  inverted?: boolean;
  /** Why; said where the rule denies. */
  reason?: string;
}
export interface ClaimRawRule<A extends string> extends AnyRule<undefined> {
  action: A | A[];
  subject?: undefined;
}
export interface SubjectRawRule<A extends string, S extends SubjectType, C> extends AnyRule<C> {
  action: A | A[];
  subject: S | S[];
}
export type RawRule<T extends AbilityTypes = AbilityTupleType, C = unknown> = T extends AbilityTupleType ? SubjectRawRule<T[0], T[1], C> : ClaimRawRule<Extract<T, string>>;
export type RawRuleFrom<T extends Abilities, C> = RawRule<ToAbilityTypes<T>, C>;

// ── Abilities ─────────────────────────────────────────────────────────────────────────────────────────────────────

export declare const ɵabilities: unique symbol;
export declare const ɵconditions: unique symbol;
interface WithGenerics {
  [ɵabilities]: any;
  [ɵconditions]: any;
}
/** Only what is public of a class, so that two copies of it are interchangeable. */
export type Public<T extends WithGenerics> = { [K in keyof T]: T[K] };
export interface Generics<T extends WithGenerics> {
  abilities: T[typeof ɵabilities];
  conditions: T[typeof ɵconditions];
}
export type RuleOf<T extends WithGenerics> = Rule<Generics<T>["abilities"], Generics<T>["conditions"]>;
export type RawRuleOf<T extends WithGenerics> = RawRuleFrom<Generics<T>["abilities"], Generics<T>["conditions"]>;

export interface AnyAbility extends Public<Ability<any, any>> {}
export interface AnyMongoAbility extends Public<Ability<any, MongoQuery>> {}
export interface MongoAbility<A extends AbilityTuple = AbilityTuple, C extends MongoQuery = MongoQuery> extends Ability<A, C> {}

export interface AbilityOptions<A extends Abilities, C> extends Partial<RuleOptions<C>> {
  /** The type of an object. Without it: the mark that `subject` makes, else the name of its class, both as the object says. */
  detectSubjectType?(subject: Exclude<Normalize<A>[1], SubjectType>): ExtractSubjectType<Normalize<A>[1]>;
  /** The action that stands for all; `manage` if there is none. */
  anyAction?: string;
  /** The type that stands for all; `all` if there is none. */
  anySubjectType?: string;
}
export type AbilityOptionsOf<T extends AnyAbility> = AbilityOptions<Generics<T>["abilities"], Generics<T>["conditions"]>;
export type AbilityClass<T extends AnyAbility> = new (rules?: RawRuleOf<T>[], options?: AbilityOptionsOf<T>) => T;
export type CreateAbility<T extends AnyAbility> = (rules?: RawRuleOf<T>[], options?: AbilityOptionsOf<T>) => T;
export type AbilityFactory<T extends AnyAbility> = AnyClass<T> | ((rules?: any[], options?: any) => T);

// ── Events and errors ─────────────────────────────────────────────────────────────────────────────────────────────

export interface UpdateEvent<T extends WithGenerics> {
  rules: RawRuleOf<T>[];
  target: T;
  /** The same as `target`. */
  ability: T;
}
export type EventHandler<Event> = (event: Event) => void;
export interface EventsMap<T extends WithGenerics> {
  update(event: UpdateEvent<T>): void;
  updated(event: UpdateEvent<T>): void;
}
export type Unsubscribe = () => void;
export type GetErrorMessage = (error: ForbiddenError<AnyAbility>) => string;

// ── Matchers ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface MatchConditionsFactory extends GenericFactory<{}> {
  produce: MatchConditions<this[0]>;
}
export type MatchConditions<T extends {} = AnyRecord> = Container<MatchConditionsFactory> & {
  (object: T): boolean;
  /** The conditions as a tree. */
  ast?: Condition;
  /** Whether every object meets them. */
  matchesAll?: boolean;
};
export type ConditionsMatcher<C> = (conditions: C) => MatchConditions;
export type MatchField<T extends string> = (field: T) => boolean;
export type FieldMatcher = <T extends string>(fields: T[]) => MatchField<T>;

/** The operators that CASL knows. */
type Operator = "$eq" | "$ne" | "$lt" | "$lte" | "$gt" | "$gte" | "$in" | "$nin" | "$all" | "$size" | "$regex" | "$options" | "$elemMatch" | "$exists";
interface MongoQueryFactory extends GenericFactory {
  produce: MongoQuery<this[0]>;
}
/** Of a union, what its members have in common: the second parameter keeps it from being taken apart. */
type Flat<T, Keys extends keyof T = keyof T> = { [K in Keys]: T[K] };
export type MongoQuery<T = AnyObject> = BuildMongoQuery<Flat<T>, { toplevel: {}; field: Pick<DefaultOperators<Flat<T>>["field"], Operator> }> &
  Container<MongoQueryFactory>;
export type { MongoQueryFieldOperators, MongoQueryOperators, MongoQueryTopLevelOperators } from "@ucast/mongo2js";

// ── Aliases ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type AliasesMap = Record<string, string | string[]>;
export interface AliasResolverOptions {
  skipValidate?: boolean;
  anyAction?: string;
}

// ── The builder ───────────────────────────────────────────────────────────────────────────────────────────────────

type InstanceOf<T extends AnyAbility, S extends SubjectType> = S extends AnyClass<infer I>
  ? I
  : S extends (...args: any[]) => infer O
    ? O
    : S extends string
      ? Exclude<Normalize<Generics<T>["abilities"]>[1], SubjectType> extends TaggedInterface<string>
        ? Extract<Normalize<Generics<T>["abilities"]>[1], TaggedInterface<S>>
        : AnyObject
      : never;
type ConditionsOf<T extends AnyAbility, I extends {}> = ProduceGeneric<Generics<T>["conditions"], I>;
type ActionFrom<T extends AbilityTuple, S extends SubjectType> = T extends any ? (S extends Extract<T[1], SubjectType> ? T[0] : never) : never;
type ActionOf<T extends AnyAbility, S extends SubjectType> = ActionFrom<Generics<T>["abilities"], S>;
type SubjectTypeOf<T extends AnyAbility> = ExtractSubjectType<Normalize<Generics<T>["abilities"]>[1]>;
type ActionAlone<T extends AnyAbility> = Parameters<(action: Generics<T>["abilities"] | Generics<T>["abilities"][]) => 0>;
type Plain<S extends SubjectType, I extends InstanceOf<T, S>, T extends AnyAbility> = Generics<T>["abilities"] extends AbilityTuple
  ? Parameters<(action: ActionOf<T, S> | ActionOf<T, S>[], subject: S | S[], conditions?: ConditionsOf<T, I>) => 0>
  : ActionAlone<T>;
type WithFields<S extends SubjectType, I extends InstanceOf<T, S>, F extends string, T extends AnyAbility> = Generics<T>["abilities"] extends AbilityTuple
  ? Parameters<(action: ActionOf<T, S> | ActionOf<T, S>[], subject: S | S[], fields?: F | F[], conditions?: ConditionsOf<T, I>) => 0>
  : ActionAlone<T>;
type Keys<T> = string & keyof T;

export type AddRule<T extends AnyAbility> = {
  <I extends InstanceOf<T, S>, F extends string = Keys<I>, S extends SubjectTypeOf<T> = SubjectTypeOf<T>>(...args: WithFields<S, I, F | Keys<I>, T>): RuleBuilder<T>;
  <I extends InstanceOf<T, S>, S extends SubjectTypeOf<T> = SubjectTypeOf<T>>(...args: Plain<S, I, T>): RuleBuilder<T>;
};
export type DSL<T extends AnyAbility, R> = (can: AbilityBuilder<T>["can"], cannot: AbilityBuilder<T>["cannot"]) => R;

