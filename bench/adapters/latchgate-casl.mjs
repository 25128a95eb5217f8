// The façade of this project, asked as CASL is.

import { createMongoAbility } from "latchgate/casl";
import { adapterWith } from "./casl-form.mjs";

export default { ...adapterWith(createMongoAbility, "latchgate/casl"), ours: true };
