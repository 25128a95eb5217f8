// One case on both sides.

import { casl6, casl7 } from "./ask-casl.mjs";
import { archiverSnapshot, caslSnapshot, latchgate } from "./ask-latchgate.mjs";
import { oracle } from "./oracles.mjs";

/** Names as the issue has them; what the oracle answers, and which snapshot stands for it. */
export const PROFILES = {
  "casl@7": () => ({ oracle: casl7(oracle(7)), snapshot: caslSnapshot }),
  "open-archiver": () => ({ oracle: casl6(oracle(6)), snapshot: archiverSnapshot }),
};

/** `[{ ask, expected, got }]` */
export function compare(profile, one) {
  const asked = profile.oracle(one);
  const ours = latchgate(profile.snapshot(one), one);
  try {
    return one.asks.map((ask) => ({ ask, expected: asked(ask), got: ours.answer(ask) }));
  } finally {
    ours.free();
  }
}
