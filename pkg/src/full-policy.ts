// What only the full build can do with a policy: lists in the systems' own shapes, and compiled snapshots.

import { isPlainObject } from "./plain.js";
import { PolicyHandle } from "./policy.js";
import type { Context, Holder, Layout, ListName, Policy, PrincipalRef } from "./types.js";

export class FullPolicyHandle extends PolicyHandle implements Policy {
  compiled(): Uint8Array {
    return this.raw.bytes();
  }

  layout(): Layout {
    return JSON.parse(this.raw.layout()) as Layout;
  }

  slice(who: PrincipalRef, context?: Context): Uint8Array {
    const { text, nodes } = this.encode({ principal: who, context }, "the claims or the context");
    return this.core(() => this.raw.slice(text, nodes));
  }

  list(name: "roles" | "groups"): Holder[];
  list(name: "principals", params?: Record<string, unknown>): Array<Record<string, unknown>>;
  list<T = unknown>(name: ListName, params?: Record<string, unknown>): T;
  list<T = unknown>(name: ListName, params: Record<string, unknown> = {}): T {
    // What is undefined is not said.
    const said = typeof params === "object" && params !== null && isPlainObject(params) ? Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) : params;
    const { text, nodes } = this.encode(said, "the parameters of the list", 0);
    return JSON.parse(this.core(() => this.raw.list(String(name), text, nodes))) as T;
  }
}
