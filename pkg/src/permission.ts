// Permissions that are asked for again and again: their names have been looked up once and for all. What was found is nobody's to change.

import type { Shared } from "./shared.js";
import type { Permission, Permissions } from "./types.js";

export class PermissionHandle<P extends string = string> implements Permission<P> {
  readonly name: P;
  readonly #number: number | undefined;
  readonly #shared: Shared;

  constructor(name: P, shared: Shared) {
    this.name = name;
    this.#shared = shared;
    this.#number = shared.permission(name);
    Object.freeze(this);
  }

  /** The number of a handle among the questions of this policy; `undefined` for one that has to be asked by its name. */
  static number(handle: object, shared: Shared): number | undefined {
    return #shared in handle && handle.#shared === shared ? handle.#number : undefined;
  }

  toString(): string {
    return this.name;
  }
}

export class PermissionList<P extends string = string> implements Permissions<P> {
  readonly names: readonly P[];
  readonly #numbers: Uint32Array | undefined;
  readonly #shared: Shared;

  /** The list is this one's own from here on. */
  constructor(names: P[], shared: Shared) {
    this.names = Object.freeze(names);
    this.#shared = shared;
    const numbers = this.names.map((name) => shared.permission(name));
    this.#numbers = numbers.includes(undefined) ? undefined : Uint32Array.from(numbers as number[]);
    Object.freeze(this);
  }

  static is(list: object): list is PermissionList {
    return #shared in list;
  }

  /** The numbers of this policy's list; `undefined` where one has to be asked by its name. */
  static numbers(list: PermissionList, shared: Shared): Uint32Array | undefined {
    return list.#shared === shared ? list.#numbers : undefined;
  }

  get length(): number {
    return this.names.length;
  }
}
