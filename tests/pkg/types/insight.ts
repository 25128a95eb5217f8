// What the types of latchgate/insight promise to a caller, and what they refuse.

import { compile, edit, init, lint, loadPolicy, resource } from "latchgate/insight";
import type { Cause, Diff, Edited, Filter, IdList, InsightPolicy, InsightPrincipal, Lint, List, NameList, Policy, Principal, Suggestions, Who, Why } from "latchgate/insight";
import { initSync, loadPolicy as loadSlim } from "latchgate/insight/slim";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function expect<T extends true>(): T;
declare const bytes: Uint8Array;

void init();
initSync(bytes);
const policy = loadPolicy<"doc:read" | "doc:write">(bytes, { strict: true });
declare const strict: boolean | undefined;
loadPolicy(bytes, { strict, recordType: "type" });
// @ts-expect-error no such option
loadPolicy(bytes, { stict: true });
const user = policy.principal("ann", { tenant: "t" });
expect<Equal<typeof policy, InsightPolicy<"doc:read" | "doc:write">>>();
expect<Equal<typeof user, InsightPrincipal<"doc:read" | "doc:write">>>();
expect<Equal<ReturnType<typeof loadSlim>, InsightPolicy<string>>>();
expect<Equal<ReturnType<typeof compile>, Uint8Array>>();

// All that latchgate has is here too.
const asPolicy: Policy<"doc:read" | "doc:write"> = policy;
const asPrincipal: Principal<"doc:read" | "doc:write"> = user;
void [asPolicy, asPrincipal];

user.can("write", resource("doc", { owner: "ann" }));

const list = user.list();
expect<Equal<typeof list, List>>();
const names = user.list({ names: true, limit: 3 });
expect<Equal<typeof names, NameList>>();
const who = policy.who("doc:read", { limit: 2, cursor: "x", context: { now: new Date(0) } });
expect<Equal<typeof who, Who>>();
const ids = policy.who({ action: "write", type: "doc", record: { owner: "ann" } }, { names: true });
expect<Equal<typeof ids, IdList>>();
// @ts-expect-error no such permission
policy.who("doc:remove");
// @ts-expect-error an action needs a type
policy.who({ action: "write" });

const why = user.why("doc:write");
expect<Equal<typeof why, Why>>();
const suggestions = user.suggest({ action: "write", type: "doc" }, { limit: 1 });
expect<Equal<typeof suggestions, Suggestions>>();
const [step] = suggestions.suggestions[0]!.steps;
if (step?.change === "revoke") expect<Equal<typeof step.place, number | undefined>>();

const { records } = user.resources("write", "doc", [{ owner: "ann", size: 3 }]);
expect<Equal<typeof records, Array<{ owner: string; size: number }>>>();

const diff = policy.diff(loadPolicy(bytes));
expect<Equal<typeof diff, Diff>>();
const cause: Cause = diff.groups[0]!.cause;
if (cause.kind === "assignment") expect<Equal<typeof cause.change, "added" | "removed">>();
expect<Equal<ReturnType<typeof policy.digest>, string>>();

const edited = edit(bytes, { actor: "ann", request: { method: "DELETE", path: "/roles/r" } });
expect<Equal<typeof edited, Edited>>();
if (edited.ok) expect<Equal<typeof edited.snapshot, string>>();
else expect<Equal<typeof edited.index, number>>();
// @ts-expect-error a request has a path
edit(bytes, { request: { method: "DELETE" } });

const filter = user.filter(["read"], "doc");
expect<Equal<typeof filter, Filter>>();
const sql = filter.toSql({ dialect: "sqlite", columns: { owner: "owner_id", age: { column: "age", type: "number", null: "missing" } } });
expect<Equal<typeof sql.parameters, Array<string | number | boolean>>>();
// @ts-expect-error no such database
filter.toSql({ dialect: "mysql", columns: {} });
// @ts-expect-error no such type of column
filter.toSql({ dialect: "sqlite", columns: { id: { column: "id", type: "uuid" } } });

expect<Equal<ReturnType<typeof lint>, Lint[]>>();
