// Permissions that are asked for again and again: their names have been looked up once and for all.

import type { Shared } from "./shared.js";
import type { Permission, Permissions } from "./types.js";

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

export class PermissionList<P extends string = string> implements Permissions<P> {
  readonly names: readonly P[];
  /** Their numbers; `undefined` where one has to be asked in full. */
  readonly numbers: Uint32Array | undefined;
  readonly shared: Shared;

  /** The list is this one's own from here on. */
  constructor(names: P[], shared: Shared) {
    this.names = Object.freeze(names);
    this.shared = shared;
    const numbers = this.names.map((name) => shared.permission(name));
    this.numbers = numbers.includes(undefined) ? undefined : Uint32Array.from(numbers as number[]);
  }

  get length(): number {
    return this.names.length;
  }
}
