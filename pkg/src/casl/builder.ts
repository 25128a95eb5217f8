// Rules one call after the other.

import { createMongoAbility } from "./ability.js";
import type { AbilityFactory, AbilityOptionsOf, AddRule, AnyAbility, AnyMongoAbility, DSL, MongoAbility, RawRuleOf } from "./types.js";

/** The rule just added, to say why. */
export class RuleBuilder<T extends AnyAbility> {
  readonly _rule: RawRuleOf<T>;

  constructor(rule: RawRuleOf<T>) {
    this._rule = rule;
  }

  because(reason: string): this {
    (this._rule as { reason?: string }).reason = reason;
    return this;
  }
}

export class AbilityBuilder<T extends AnyAbility> {
  rules: RawRuleOf<T>[] = [];
  // Own functions, so that they can be taken apart from the builder.
  can: AddRule<T>;
  cannot: AddRule<T>;
  build: (options?: AbilityOptionsOf<T>) => T;

  constructor(make: AbilityFactory<T>) {
    const adder = (inverted: boolean) => (action: unknown, subject?: unknown, fieldsOrConditions?: unknown, conditions?: unknown) => {
      const rule: Record<string, unknown> = { action };
      if (inverted) rule["inverted"] = true;
      if (subject) {
        rule["subject"] = subject;
        const areFields = Array.isArray(fieldsOrConditions) || typeof fieldsOrConditions === "string";
        if (fieldsOrConditions !== undefined) rule[areFields ? "fields" : "conditions"] = fieldsOrConditions;
        if (conditions !== undefined) rule["conditions"] = conditions;
      }
      const made = rule as unknown as RawRuleOf<T>;
      this.rules.push(made);
      return new RuleBuilder<T>(made);
    };
    this.can = adder(false) as AddRule<T>;
    this.cannot = adder(true) as AddRule<T>;
    this.build = (options) => (isClass(make) ? new make(this.rules, options) : (make as Function)(this.rules, options));
  }
}

const isClass = (make: any): make is new (...args: any[]) => any => typeof make.prototype?.possibleRulesFor === "function";

/** An ability by a function that is given `can` and `cannot`; a promise of one where the function is asynchronous. */
export function defineAbility<T extends AnyMongoAbility = MongoAbility>(define: DSL<T, Promise<void>>, options?: AbilityOptionsOf<T>): Promise<T>;
export function defineAbility<T extends AnyMongoAbility = MongoAbility>(define: DSL<T, void>, options?: AbilityOptionsOf<T>): T;
export function defineAbility<T extends AnyMongoAbility>(define: DSL<T, void | Promise<void>>, options?: AbilityOptionsOf<T>): T | Promise<T> {
  const builder = new AbilityBuilder<T>(createMongoAbility as AbilityFactory<T>);
  const defined = define(builder.can, builder.cannot);
  return defined && typeof defined.then === "function" ? defined.then(() => builder.build(options)) : builder.build(options);
}
