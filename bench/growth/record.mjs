// Larger records of which a condition compares one field.

import { conditionalCandidates } from "./conditional.mjs";

export const axis = "fields of the record (one is read)";

export const points = (quick) => (quick ? [4, 64, 1024] : [4, 16, 64, 256, 1024, 4096]);

export const at = (fields) => conditionalCandidates({ compared: 1, fields });
