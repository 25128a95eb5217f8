// Permission names → numbers. A name crosses into WebAssembly once; after that two small numbers do, and after that nothing:
// a principal never changes, so what the core has answered about a name stays its answer (answers.ts).

import type { RawPolicy } from "./core.js";

/** A name that was asked for. */
export interface Name {
  /** Its place among the names of its policy: where a principal keeps the answer. */
  readonly slot: number;
  /** The two halves of the permission as the core numbers them; `undefined` for a name that has to be asked for in full. */
  readonly ids: { readonly action: number; readonly resource: number } | undefined;
}

/** An application asks for a few hundred names. More than this are made up from data, and must not fill the memory. */
const MAX_NAMES = 10_000;
/** No permission is as long as this. */
const MAX_LENGTH = 1_000;
const NOT_INTERNED = 0xffff_ffff;

/** Half of a surrogate pair. UTF-8 cannot express it, so an encoder would silently put another name in its place. */
const LONE_SURROGATE = /\p{Surrogate}/u;
export const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);

/** The names one policy has been asked for. */
export class Names {
  /** Read only elsewhere. */
  known: ReadonlyMap<string, Name> = new Map();
  #entries = this.known as Map<string, Name>;

  /** Changes when the slots are given out anew: answers kept under another one mean nothing any more. */
  generation = 0;

  /** `undefined` for what is no text that the core could be asked for by number. */
  find(raw: RawPolicy, text: string): Name | undefined {
    return this.known.get(text) ?? this.#enter(raw, text);
  }

  #enter(raw: RawPolicy, text: string): Name | undefined {
    if (text.length > MAX_LENGTH || !isWellFormed(text)) return undefined;
    if (this.#entries.size >= MAX_NAMES) {
      this.#entries = new Map();
      this.known = this.#entries;
      this.generation++;
    }
    const entry = { slot: this.#entries.size, ids: idsOf(raw, text) };
    this.#entries.set(text, entry);
    return entry;
  }
}

function idsOf(raw: RawPolicy, text: string): Name["ids"] {
  const action = raw.action_id(text);
  if (action === NOT_INTERNED) return undefined;
  const resource = raw.resource_id(text);
  return resource === NOT_INTERNED ? undefined : { action, resource };
}
