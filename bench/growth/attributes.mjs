// More attributes that a condition compares, in records of 64 fields.

import { conditionalCandidates } from "./conditional.mjs";

export const axis = "attributes in the condition";

export const points = (quick) => (quick ? [1, 4, 16] : [1, 2, 4, 8, 16, 32]);

export const at = (compared) => conditionalCandidates({ compared, fields: 64 });
