// A permission that is asked for again and again: its name has been looked up once and for all.

import type { Shared } from "./shared.js";
import type { Permission } from "./types.js";

export class PermissionHandle<P extends string = string> implements Permission<P> {
  readonly name: P;
  /** Its number, among the questions of this policy; `undefined` for one that has to be asked in full. */
  readonly number: number | undefined;
  readonly shared: Shared;

  constructor(name: P, shared: Shared) {
    this.name = name;
    this.shared = shared;
    this.number = shared.permission(name);
  }

  toString(): string {
    return this.name;
  }
}
