// The workloads by their names.

import { backEnd } from "./back-end.mjs";
import { conditional } from "./conditional.mjs";
import { userInterface } from "./interface.mjs";

export const workloads = { W1: userInterface, W2: backEnd, W3: conditional };
