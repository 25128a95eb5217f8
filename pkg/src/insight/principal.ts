// What only the insight build can do with a principal: everything it can do, why, what would change it; filters for databases.

import { checkOptions } from "../arguments.js";
import { argumentError, fromCore, unwritable } from "../errors.js";
import { aboutList, PrincipalHandle } from "../principal.js";
import type { RawPrincipal } from "../core.js";
import { Reading, Reads } from "../reads.js";
import { askOf } from "./asked.js";
import type { Shared } from "../shared.js";
import { FilterHandle } from "./filter.js";
import type { Rows } from "./rows.js";
import type { Asked, InsightPrincipal, List, NameList, Page, Resources, Suggestions, Why } from "./types.js";

interface ListPlace {
  place: number;
  facts: Omit<NameList, "total" | "permissions">;
}

export class InsightPrincipalHandle extends PrincipalHandle implements InsightPrincipal {
  readonly #rows: Rows;
  /** What its answers are kept under, for as long as there is room. */
  #key = {};
  /** Where the core keeps what the principal can do, and what comes with it; `null` where that is no row. */
  #row: ListPlace | null | undefined;

  constructor(raw: RawPrincipal, shared: Shared, rows: Rows) {
    super(raw, shared);
    this.#rows = rows;
  }

  list(page?: Page & { names?: false | undefined }): List;
  list(page: Page & { names: true }): NameList;
  list(page: Page & { names?: boolean | undefined } = {}): List | NameList {
    checkOptions(page, "limit", "cursor", "names");
    const { limit, cursor, names } = page;
    if (names === true && limit === undefined && cursor === undefined) {
      const { raw } = this;
      const row = this.#row === undefined ? this.#find() : this.#row;
      if (row !== null) {
        const permissions = this.#rows.named(row.place, this.#rows.lines(() => raw.lines()));
        return { total: permissions.length, ...row.facts, permissions };
      }
    }
    return this.#ask("list", { limit, cursor, names });
  }

  protected override forget(): void {
    super.forget();
    this.#key = {};
    this.#row = undefined;
  }

  #find(): ListPlace | null {
    const found = this.raw.list_row();
    if (found === undefined) return (this.#row = null);
    const { place, ...facts } = JSON.parse(found) as { place: number } & ListPlace["facts"];
    return (this.#row = { place, facts });
  }

  resources<R extends object>(action: string, type: string, records: readonly R[] = []): Resources<R> {
    if (!Array.isArray(records)) throw argumentError("a list of records is needed");
    if (typeof action !== "string" || typeof type !== "string") throw argumentError("an action and a type are needed");
    const named: Resources<R>["named"] = this.#ask("named", { action, type });
    return { records: records.filter((record) => this.can(action, type, record)), named };
  }

  why(asked: Asked): Why {
    // By name only: a record may have changed since.
    const permission = typeof asked === "string" ? asked : undefined;
    // What is freed says so, and of another time nothing is kept.
    void this.raw;
    const kept = permission === undefined ? undefined : this.#rows.kept(this.#key, permission);
    if (kept !== undefined) return kept;
    const text = this.#text("why", { ask: this.#askOf(asked) });
    if (permission !== undefined) this.#rows.keep(this.#key, permission, text);
    return JSON.parse(text) as Why;
  }

  suggest(asked: Asked, page: Page = {}): Suggestions {
    checkOptions(page, "limit", "cursor");
    const { limit, cursor } = page;
    // What the principal holds is not all that counts: any role may be what it lacks.
    const ask = askOf(asked, (record, action, type) => new Reading(record, new Reads(this.raw.suggest_reads(action, type))));
    return this.#ask("suggest", { ask, limit, cursor });
  }

  digest(): string {
    return core(() => this.raw.digest());
  }

  override filter(actions: string | readonly string[], type: string): FilterHandle {
    const { actions: list, subject } = aboutList(actions, type);
    return new FilterHandle(() => this.raw, this.shared, list, subject);
  }

  /** Exactly what a check would read of a record. */
  #askOf(asked: Asked): object {
    return askOf(asked, (record, action, type) => new Reading(record, this.readsOf(action, type)));
  }

  #ask<T>(name: "list" | "named" | "suggest", params: object): T {
    return JSON.parse(this.#text(name, params)) as T;
  }

  #text(name: "list" | "named" | "why" | "suggest", params: object): string {
    // Asked for first: what is freed says so, whatever the parameters are.
    void this.raw;
    let encoder;
    try {
      encoder = this.shared.encode(params);
    } catch (cause) {
      throw unwritable("what is asked about", cause);
    }
    const { text, nodes } = encoder;
    return core(() => this.raw[name](text, nodes));
  }
}

function core<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}
