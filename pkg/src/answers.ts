// What the core has answered one principal about permissions, two bits each. Nothing is decided here: a principal is immutable,
// so the core's answer to a name is the answer for as long as the principal lives.

export const NOT_ASKED = 0;
export const DENIED = 1;
export const ALLOWED = 2;

export class Answers {
  #bits = new Uint8Array(0);
  #generation = 0;

  /** The answer kept for a slot. Slots of another generation are other names. */
  kept(slot: number, generation: number): number {
    return generation === this.#generation ? ((this.#bits[slot >> 2] ?? NOT_ASKED) >> ((slot & 3) << 1)) & 3 : NOT_ASKED;
  }

  keep(slot: number, generation: number, allowed: boolean): void {
    if (generation !== this.#generation) {
      this.#bits = new Uint8Array(0);
      this.#generation = generation;
    }
    const at = slot >> 2;
    if (at >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(16, at + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[at] = (this.#bits[at] ?? 0) | ((allowed ? ALLOWED : DENIED) << ((slot & 3) << 1));
  }
}
