// Calls into the core, which is instantiated at the first of them.

import { ConditionEncoder } from "../condition.js";
import { max_question_bytes } from "../core.js";
import { argumentError, fromCore } from "../errors.js";
import type { Operands } from "../reads.js";
import { start } from "../runtime.js";

let spare: ConditionEncoder | undefined;

/** Calls the core, and makes its errors ours. */
export function ask<T>(call: () => T): T {
  start();
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}

type Written<T> = (text: Uint8Array, nodes: Uint32Array) => T;

/** The same with a value written down. */
export function askAbout<T>(value: unknown, call: Written<T>): T {
  return written((encoder) => encoder.write(value), call);
}

/** The same with the conditions of a rule. */
export function askWith<T>(conditions: unknown, operands: Operands, call: Written<T>): T {
  return written((encoder) => encoder.writeCondition(conditions, operands), call);
}

/** A getter on the way may ask a question of its own, which must not be written into this one. */
function written<T>(write: (encoder: ConditionEncoder) => void, call: Written<T>): T {
  start();
  const encoder = spare ?? new ConditionEncoder(max_question_bytes());
  spare = undefined;
  try {
    write(encoder);
    return ask(() => call(encoder.text, encoder.nodes));
  } finally {
    spare = encoder;
  }
}

/** Half of a surrogate pair would arrive as another character. */
export function plainField(field: string): string {
  if (/\p{Surrogate}/u.test(field)) throw argumentError("a field holds half of a surrogate pair");
  return field;
}
