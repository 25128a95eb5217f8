// An ability of this package where one of @casl/ability is asked for, as @casl/react does: in their types too. A type-only import, which
// means nothing where that package is not installed.

/** @ts-ignore: it need not be installed */
import type { AnyAbility, MongoAbility, Rule as CaslRule } from "@casl/ability";

type IsAny<T> = 0 extends 1 & T ? true : false;
/** The members, named by symbols of that package, under which its types carry what an ability is about. */
type Marks = keyof AnyAbility & symbol;
type MarkOf<Mark, Is> = Mark extends keyof MongoAbility<["action", "type"]> ? (MongoAbility<["action", "type"]>[Mark] extends readonly unknown[] ? (Is extends "abilities" ? Mark : never) : Is extends "abilities" ? never : Mark) : never;

/** What their types look for. */
export type Beside<A, C> = IsAny<AnyAbility> extends true ? {} : { readonly [Mark in Marks as MarkOf<Mark, "abilities">]: A } & { readonly [Mark in Marks as MarkOf<Mark, "conditions">]: C };

/** A rule of theirs: its private members are known by where they are declared. */
export type BesideRule<C> = IsAny<AnyAbility> extends true ? {} : CaslRule<any, C>;
