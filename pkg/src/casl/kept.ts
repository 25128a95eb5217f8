// What abilities hold in the core, within bounds. A back end makes an ability for each request and forgets it; JavaScript says when
// something is forgotten, but not before the program pauses. So the oldest is freed where there is much, and made anew should it still be asked.

import type { RawAbility } from "../core.js";
import type { Constants } from "./constants.js";

/** Numbers of four bytes, as rules and conditions are written down. The core needs some ten bytes for each. */
const MOST = 1 << 19;
/** What is so large is left to the collector: making it again would cost too much. */
const LARGE = 1 << 13;
/** What each costs besides. */
const EACH = 64;

/** Something in the core that can be made again. */
export class Kept {
  readonly raw: RawAbility;
  readonly #constants: Constants;
  #size: number;
  #holders = 0;
  /** It has been freed. */
  isGone = false;

  constructor(raw: RawAbility, size: number, constants: Constants) {
    this.raw = raw;
    this.#size = size;
    this.#constants = constants;
    keep(this, size);
  }

  /** It has become so much larger. */
  grow(by: number): void {
    this.#size += by;
    keep(this, this.#size);
  }

  /** Whether somebody is at work with it: a getter of a record may make other abilities meanwhile. */
  get isBusy(): boolean {
    return this.#holders > 0 || this.#constants.planning;
  }

  /** Works with it. */
  hold<T>(work: (kept: this) => T): T {
    this.#holders++;
    try {
      return work(this);
    } finally {
      this.#holders--;
    }
  }

  release(): void {
    this.isGone = true;
    this.raw.free();
  }
}

/** In the order in which they were made, and what they weigh. */
const all = new Map<Kept, number>();
let weight = 0;

function keep(one: Kept, size: number): void {
  weight -= all.get(one) ?? 0;
  if (size > LARGE) {
    all.delete(one);
    return;
  }
  all.set(one, size + EACH);
  weight += size + EACH;
  if (weight > MOST) shed(one);
}

/** Frees the oldest until there is not too much. */
function shed(spared: Kept): void {
  for (const [oldest, its] of all) {
    if (weight <= MOST) return;
    if (oldest === spared || oldest.isBusy) continue;
    all.delete(oldest);
    weight -= its;
    oldest.release();
  }
}
