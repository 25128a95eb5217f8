// Permission names → numbers. A name crosses into WebAssembly once; after that two small numbers do, which is what makes
// `can("…")` cheap enough to be called while drawing a page.

import type { RawPolicy } from "./core.js";

/** The two halves of a permission as the core numbers them. */
export interface PermissionIds {
  action: number;
  resource: number;
}

/** An application asks for a few hundred names. More than this are made up from data, and must not fill the memory. */
const MAX_NAMES = 10_000;
const NOT_INTERNED = 0xffff_ffff;

/** Half of a surrogate pair. UTF-8 cannot express it, so an encoder would silently put another name in its place. */
const LONE_SURROGATE = /\p{Surrogate}/u;
export const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);

/** The names one policy has been asked for. */
export class Names {
  readonly #known = new Map<string, PermissionIds | null>();

  /** `null` means that this name has to be asked for in full. */
  ids(raw: RawPolicy, name: string): PermissionIds | null {
    let ids = this.#known.get(name);
    if (ids === undefined) {
      if (!isWellFormed(name)) return null;
      ids = idsOf(raw, name);
      if (this.#known.size >= MAX_NAMES) this.#known.clear();
      this.#known.set(name, ids);
    }
    return ids;
  }
}

function idsOf(raw: RawPolicy, name: string): PermissionIds | null {
  const action = raw.action_id(name);
  if (action === NOT_INTERNED) return null;
  const resource = raw.resource_id(name);
  return resource === NOT_INTERNED ? null : { action, resource };
}
