// @casl/ability.

import { createMongoAbility } from "@casl/ability";
import { adapterWith, options, rulesOf } from "./casl-form.mjs";

export default {
  ...adapterWith(createMongoAbility, "casl"),
  package: "@casl/ability",
  /** All grants of the document in one ability, not those of one user. */
  loadAll: (document) => createMongoAbility(rulesOf(document, Object.keys(document.roles), "nobody"), options),
  browser: `export { createMongoAbility, subject } from "@casl/ability";`,
};
