// What only the insight build can do with a policy: questions about everybody, and about another version of it.

import { checkOptions } from "../arguments.js";
import type { RawPrincipal } from "../core.js";
import { argumentError } from "../errors.js";
import { FullPolicyHandle } from "../full-policy.js";
import { Reading, Reads } from "../reads.js";
import type { Shared } from "../shared.js";
import type { Context, PrincipalRef } from "../types.js";
import { isPlain } from "../text.js";
import { type Ask, askOf } from "./asked.js";
import { InsightPrincipalHandle } from "./principal.js";
import { Rows } from "./rows.js";
import type { Asked, Diff, IdList, InContext, InsightPolicy, Page, Who } from "./types.js";

const WHAT = "what is asked about, or the context,";

/** A program asks about a few dozen types. */
const MOST_READS = 1_000;
/** Longer ones are written down, and refused where they are too long. */
const isShort = (text: string): boolean => text.length < 10_000 && isPlain(text);

export class InsightPolicyHandle extends FullPolicyHandle implements InsightPolicy {
  readonly #rows = new Rows(this.shared);
  #ids: readonly string[] | undefined;
  /** By action and type, where the circumstances do not count. */
  readonly #reads = new Map<string, Reads>();

  override principal(who: PrincipalRef, context?: Context): InsightPrincipalHandle {
    return super.principal(who, context) as InsightPrincipalHandle;
  }

  protected override ready(raw: RawPrincipal, shared: Shared): InsightPrincipalHandle {
    return new InsightPrincipalHandle(raw, shared, this.#rows);
  }

  who(asked: Asked, options?: Page & InContext & { names?: false | undefined }): Who;
  who(asked: Asked, options: Page & InContext & { names: true }): IdList;
  who(asked: Asked, options: Page & InContext & { names?: boolean | undefined } = {}): Who | IdList {
    checkOptions(options, "context", "limit", "cursor", "names");
    const { context, limit, cursor, names } = options;
    const clock = this.shared.time;
    const ask = askOf(asked, (record, action, type) => new Reading(record, this.#readsOf(action, type, context, clock)));
    const isWhole = names === true && context === undefined && limit === undefined && cursor === undefined;
    const row = isWhole ? this.#rowOf(ask, clock) : undefined;
    if (row !== undefined) {
      const ids = this.#rows.named(row, (this.#ids ??= JSON.parse(this.raw.ids()) as string[]));
      return { total: ids.length, ids };
    }
    const { text, nodes } = this.encode({ ask, context, limit, cursor, names, clock }, WHAT);
    return JSON.parse(this.core(() => this.raw.who(text, nodes))) as Who | IdList;
  }

  /** What the conditions of everybody read of records of a type. */
  #readsOf(action: string, type: string, context: Context | undefined, clock: number | undefined): Reads {
    const key = context === undefined && clock === undefined ? JSON.stringify([action, type]) : undefined;
    const known = key === undefined ? undefined : this.#reads.get(key);
    if (known !== undefined) return known;
    const { text, nodes } = this.encode({ action, type, context, clock }, WHAT);
    const reads = new Reads(this.core(() => this.raw.who_reads(text, nodes)));
    if (key !== undefined && this.#reads.size < MOST_READS) this.#reads.set(key, reads);
    return reads;
  }

  /** Where the core has put who can do it. Only what is asked of a permission, or of a type in general, is answered so. */
  #rowOf(ask: Ask, clock: number | undefined): number | undefined {
    const { raw } = this;
    if (ask.kind === "permission") return isShort(ask.permission) ? raw.who_row(ask.permission, undefined, clock) : undefined;
    const isBare = ask.kind === "type" && ask.field === undefined && isShort(ask.action) && isShort(ask.subject);
    return isBare ? raw.who_row(ask.action, ask.subject, clock) : undefined;
  }

  diff(after: InsightPolicy, options: Page & InContext = {}): Diff {
    checkOptions(options, "context", "limit", "cursor");
    const { context, limit, cursor } = options;
    if (!(after instanceof InsightPolicyHandle)) throw argumentError("the other policy must be one of latchgate/insight, loaded by the same copy of it");
    // One time for both; none where it counts for neither.
    const clock = this.shared.time ?? (after.shared.isTimed ? this.shared.now() : undefined);
    const { text, nodes } = this.encode({ context, limit, cursor, clock }, WHAT);
    return JSON.parse(this.core(() => this.raw.diff(after.raw, text, nodes))) as Diff;
  }

  digest(options: InContext = {}): string {
    checkOptions(options, "context");
    const { context } = options;
    const { text, nodes } = this.encode({ context }, WHAT);
    return JSON.parse(this.core(() => this.raw.digest(text, nodes))) as string;
  }
}
