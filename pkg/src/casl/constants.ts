// Texts that the plans of all abilities of a time compare with, by number, and the memory in which plans are asked.

import { memory, RawTexts } from "../core.js";
import { MOST_VALUES } from "./plain.js";
import type { PlanTexts, Shape } from "../record.js";
import { isPlain } from "../text.js";

/** Texts that are kept although nothing is compared with them, so that they need not be looked at again. */
const MAX_OTHERS = 1_000;
const MAX_LENGTH = 1_000;
/** Of texts that are compared with: more, and the next abilities begin anew. */
const MOST = 4096;
/** The number of a text that nothing is compared with. */
const OTHER = 0xffff_ffff;

/** Texts in place of values that differ from user to user, so that they can all be planned for at once. */
export const STAND_INS: readonly string[] = Array.from({ length: MOST_VALUES }, (_, at) => `latchgate: value ${at}`);

export class Constants implements PlanTexts {
  #raw: RawTexts | undefined;
  readonly constants = new Map<string, number>();
  readonly shapes = new Map<string, Shape>();
  #others = 0;
  #count = 0;
  /** Empty when the memory has grown, and to be looked for anew. */
  doubles = new Float64Array(0);
  /** Whether a plan's values are being put into place: a getter of a record may ask again meanwhile. */
  planning = false;

  planned(): void {
    this.planning = false;
  }

  get raw(): RawTexts {
    return (this.#raw ??= new RawTexts());
  }

  get isFull(): boolean {
    return this.#count >= MOST;
  }

  /** The numbers of {@link STAND_INS}. */
  readonly standIns: number[] = [];

  /** Fetches what plans have brought since. */
  learn(): void {
    for (const text of JSON.parse(this.raw.from(this.#count)) as string[]) {
      const number = this.#count++;
      const standsFor = STAND_INS.indexOf(text);
      // What stands for another value is no text that a record could bear.
      if (standsFor < 0) this.constants.set(text, number);
      else this.standIns[standsFor] = number;
    }
  }

  /** Looks for the core's memory where it is now. */
  look(): void {
    this.doubles = new Float64Array(memory().buffer);
  }

  /** The number of a text that nothing is compared with; `undefined` for one that is none in UTF-8. */
  other(text: string): number | undefined {
    if (!isPlain(text)) return undefined;
    if (this.#others < MAX_OTHERS && text.length <= MAX_LENGTH) {
      this.#others++;
      this.constants.set(text, OTHER);
    }
    return OTHER;
  }
}
