// Which records of a type may be touched, as data. What is decided, and every translation, is the core's.

import { checkOptions } from "../arguments.js";
import type { RawFilter, RawPrincipal } from "../core.js";
import type { Encoder } from "../encode.js";
import { argumentError, fromCore, unwritable } from "../errors.js";
import { disposable, use } from "../handle.js";
import { isPlainObject } from "../plain.js";
import { Reading, Reads } from "../reads.js";
import type { Shared } from "../shared.js";
import type { FilterKind } from "../types.js";
import type { Filter, FilterNode, Sql, SqlOptions } from "./types.js";

export class FilterHandle implements Filter {
  readonly kind: FilterKind;
  #raw: RawFilter | undefined;
  readonly #shared: Shared;
  #ast: FilterNode | undefined;
  #reads: Reads | undefined;

  constructor(principal: () => RawPrincipal, shared: Shared, actions: readonly string[], type: string) {
    this.#shared = shared;
    const { text, nodes } = this.#encode({ actions, type }, "the names");
    this.#raw = core(() => principal().filter(text, nodes));
    this.kind = this.#raw.kind();
  }

  get ast(): FilterNode {
    return (this.#ast ??= JSON.parse(use(this.#raw, "filter").ast()) as FilterNode);
  }

  test(record: object): boolean {
    const raw = use(this.#raw, "filter");
    if (typeof record !== "object" || record === null) return false;
    const reads = (this.#reads ??= new Reads(raw.reads()));
    let encoder: Encoder;
    try {
      // A list is no record, but where CASL would go through it.
      if (!reads.exact && Array.isArray(record)) return false;
      encoder = this.#shared.encode(new Reading(record, reads));
    } catch {
      // A getter threw, or a value has no word: the core cannot say that the record is shown.
      return false;
    }
    // A getter may have freed the filter.
    return use(this.#raw, "filter").holds(encoder.text, encoder.nodes);
  }

  toMongo(): Record<string, unknown> {
    const raw = use(this.#raw, "filter");
    return JSON.parse(core(() => raw.mongo())) as Record<string, unknown>;
  }

  toSql(options: SqlOptions): Sql {
    if (typeof options !== "object" || options === null) throw argumentError("the dialect and the columns are needed");
    checkOptions(options, "dialect", "columns", "firstParameter");
    const { dialect, columns, firstParameter } = options;
    const { text, nodes } = this.#encode({ dialect, columns: said(columns), firstParameter }, "the options");
    const raw = use(this.#raw, "filter");
    return JSON.parse(core(() => raw.sql(text, nodes))) as Sql;
  }

  free(): void {
    this.#raw?.free();
    this.#raw = undefined;
  }

  #encode(value: unknown, what: string): Encoder {
    try {
      return this.#shared.encode(value);
    } catch (cause) {
      throw unwritable(what, cause);
    }
  }
}

export interface FilterHandle extends Disposable {}
disposable(FilterHandle);

/** Columns without what is not said of them. */
function said(columns: SqlOptions["columns"]): unknown {
  if (typeof columns !== "object" || columns === null || !isPlainObject(columns)) return columns;
  const of = (column: unknown): unknown =>
    typeof column === "object" && column !== null && isPlainObject(column) ? Object.fromEntries(Object.entries(column).filter(([, value]) => value !== undefined)) : column;
  return Object.fromEntries(Object.entries(columns).map(([path, column]) => [path, of(column)]));
}

function core<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw fromCore(thrown);
  }
}
