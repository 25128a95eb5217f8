// What only the insight build can do with a policy: questions about everybody, and about another version of it.

import type { RawPrincipal } from "../core.js";
import { argumentError } from "../errors.js";
import { FullPolicyHandle } from "../full-policy.js";
import type { Shared } from "../shared.js";
import type { Context, PrincipalRef } from "../types.js";
import { askOf, pick } from "./asked.js";
import { InsightPrincipalHandle } from "./principal.js";
import type { Asked, Diff, IdList, InContext, InsightPolicy, Page, Who } from "./types.js";

const WHAT = "what is asked about, or the context,";

export class InsightPolicyHandle extends FullPolicyHandle implements InsightPolicy {
  override principal(who: PrincipalRef, context?: Context): InsightPrincipalHandle {
    return super.principal(who, context) as InsightPrincipalHandle;
  }

  protected override ready(raw: RawPrincipal, shared: Shared): InsightPrincipalHandle {
    return new InsightPrincipalHandle(raw, shared);
  }

  who(asked: Asked, options?: Page & InContext & { names?: false | undefined }): Who;
  who(asked: Asked, options: Page & InContext & { names: true }): IdList;
  who(asked: Asked, { context, limit, cursor, names }: Page & InContext & { names?: boolean | undefined } = {}): Who | IdList {
    const { text, nodes } = this.encode({ ask: askOf(asked, (record) => pick(record, this.shared.attributes)), context, limit, cursor, names }, WHAT);
    return JSON.parse(this.core(() => this.raw.who(text, nodes))) as Who | IdList;
  }

  diff(after: InsightPolicy, { context, limit, cursor }: Page & InContext = {}): Diff {
    if (!(after instanceof InsightPolicyHandle)) throw argumentError("the other policy must be one of latchgate/insight, loaded by the same copy of it");
    const { text, nodes } = this.encode({ context, limit, cursor }, WHAT);
    return JSON.parse(this.core(() => this.raw.diff(after.raw, text, nodes))) as Diff;
  }

  digest({ context }: InContext = {}): string {
    const { text, nodes } = this.encode({ context }, WHAT);
    return JSON.parse(this.core(() => this.raw.digest(text, nodes))) as string;
  }
}
