import type { AnyAbility, GetErrorMessage } from "./types.js";
import { typeName } from "./subject.js";

/** What is thrown, or returned, where something may not be done. */
export class ForbiddenError<T extends AnyAbility = AnyAbility> extends Error {
  declare readonly ability: T;
  declare action: string;
  declare subject: any;
  declare field?: string | undefined;
  declare subjectType: string;

  static _defaultErrorMessage: GetErrorMessage = (error) => `Cannot execute "${error.action}" on "${error.subjectType}"`;

  /** For all errors of this class, in the whole program. */
  static setDefaultMessage(message: string | GetErrorMessage): void {
    this._defaultErrorMessage = typeof message === "string" ? () => message : message;
  }

  static from<U extends AnyAbility>(ability: U): ForbiddenError<U> {
    return new this<U>(ability);
  }

  constructor(ability: T) {
    super();
    // A member like the others, for whoever lists them.
    this.message = "";
    this.ability = ability;
    this.name = "ForbiddenError";
  }

  setMessage(message: string): this {
    this.message = message;
    return this;
  }

  throwUnlessCan(...args: Parameters<T["can"]>): void {
    const error = this.unlessCan(...args);
    if (error) throw error;
  }

  /** This error, if it may not be done. Its message: one's own, else the reason of the rule that decided, else the default. */
  unlessCan(...args: Parameters<T["can"]>): this | undefined {
    const [action, subject, field] = args as [string, any?, string?];
    const rule = this.ability.relevantRuleFor(...(args as any));
    if (rule && !rule.inverted) return undefined;
    this.action = action;
    this.subject = subject;
    this.subjectType = typeName(this.ability.detectSubjectType(subject));
    this.field = field;
    this.message = this.message || rule?.reason || (this.constructor as typeof ForbiddenError)._defaultErrorMessage(this);
    return this;
  }
}
