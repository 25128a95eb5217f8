// What only the full build can do with a principal: filters for databases.

import { FilterHandle } from "./filter.js";
import { aboutList, PrincipalHandle } from "./principal.js";
import type { Principal } from "./types.js";

export class FullPrincipalHandle extends PrincipalHandle implements Principal {
  override filter(actions: string | readonly string[], type: string): FilterHandle {
    const { actions: list, subject } = aboutList(actions, type);
    return new FilterHandle(() => this.raw, this.shared, list, subject);
  }
}
