// What the types promise to a caller, and what they refuse.

import { init, LatchgateError, loadPolicy, resource, version } from "latchgate";
import { loadPolicy as loadCompiled } from "latchgate/reader";
import type { Code, Decision, DecidingGrant, Effect, FilterAnswer, LatchgateErrorCode, Policy, Principal, Question, Warning } from "latchgate";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function expect<T extends true>(): T;

declare const bytes: Uint8Array;
const ready = init();
const policy = loadPolicy(bytes);
const user = policy.principal("p-agent", { sessionScopes: ["a"], now: new Date(0), tenant: undefined });

expect<Equal<typeof ready, Promise<void>>>();
expect<Equal<typeof policy, Policy<string>>>();
expect<Equal<typeof user, Principal<string>>>();
expect<Equal<ReturnType<typeof version>, string>>();

// Everything a snapshot may come as.
loadPolicy(bytes.buffer);
loadPolicy(new DataView(new ArrayBuffer(2)));
loadPolicy("{}");
loadPolicy({ system: "kura", payloads: {} });
// @ts-expect-error a number is no snapshot
loadPolicy(7);
// @ts-expect-error nothing is no snapshot
loadPolicy(undefined);

// Who asks.
policy.principal(null);
policy.principal(undefined);
policy.principal({ sub: "u", roles: ["a"] });
// @ts-expect-error a number is nobody
policy.principal(1);
// @ts-expect-error there is no such way to log in
policy.principal("u", { auth: "magic" });
// @ts-expect-error a misspelt fact would silently count for nothing
policy.principal("u", { tenat: "x" });

// One permission, or an action and a record.
class Ingestion {
  readonly type = "ingestion";
  constructor(private readonly owner: string) {}
  get userId(): string {
    return this.owner;
  }
}
interface Archive {
  type: "archive";
  size: number;
}
declare const archive: Archive;
const answer = user.can("iam/principals:read");
expect<Equal<typeof answer, boolean>>();
user.can("update", "ingestion", { id: 1, userId: "u" });
user.can("update", "ingestion", new Ingestion("u"));
user.can("update", "archive", archive, "size");
user.can("update", resource("archive", archive), "size");
const marked = resource("archive", archive);
expect<Equal<typeof marked.size, number>>();
loadPolicy(new Uint8Array(), { recordType: "type" });
loadPolicy(new Uint8Array(), { recordType: (record) => String(record) });
// @ts-expect-error the name of an attribute, or what reads it
loadPolicy(new Uint8Array(), { recordType: 1 });
// @ts-expect-error strict loading is in latchgate/insight
loadPolicy(new Uint8Array(), { strict: true });
declare const either: { recordType: string; strict: boolean };
// @ts-expect-error not by a detour either
loadPolicy(new Uint8Array(), either);
// @ts-expect-error strict loading is in latchgate/insight
loadCompiled(new Uint8Array(), { strict: true });
loadPolicy(new Uint8Array(), { strict: false });
// @ts-expect-error a record has a type that is text
resource(1, archive);
// @ts-expect-error a record is an object
resource("archive", "a");
// @ts-expect-error a type is asked about with canAny
user.can("read", "archive");
// @ts-expect-error
user.can();
user.canAny("read", "archive");
// @ts-expect-error canAny takes the name of a type
user.canAny("read", { type: "archive" });
user.canAll(["a:b"] as const);
// @ts-expect-error one permission is no list
user.canSome("a:b");

// Requests and filters.
user.canRequest("GET", "/x");
user.canRequest("GET", "/x", { resource: archive, forceDelete: true });
const filter = user.filter(["read"], "archive");
expect<Equal<typeof filter, FilterAnswer>>();
expect<Equal<typeof filter.kind, "all" | "none" | "conditions" | "error">>();
// @ts-expect-error the tree is in latchgate/insight
filter.ast;

// A decision tells its cases apart.
const decision = user.check("a:b");
expect<Equal<typeof decision, Decision>>();
expect<Equal<Decision["effect"], Effect>>();
expect<Equal<Effect, "allow" | "deny" | "error">>();
expect<Equal<Decision["code"], Code>>();
expect<Equal<Decision["rule"], string | null>>();
if (decision.effect === "allow") {
  expect<Equal<typeof decision.code, "granted" | "superuser" | "not_required">>();
}
if (decision.effect === "error") {
  expect<Equal<typeof decision.code, "invalid_rule" | "invalid_question">>();
}
// @ts-expect-error there is no such code
if (decision.code === "granded") throw decision;
const grants: DecidingGrant[] = decision.grants;
expect<Equal<ReturnType<typeof user.grants>, typeof grants>>();
expect<Equal<ReturnType<typeof user.permissions>, string[]>>();

// Names of permissions can be narrowed, in every method that takes one.
const narrow = loadPolicy<"a:read" | "b:write">("{}");
const guest = narrow.principal(null);
expect<Equal<typeof guest, Principal<"a:read" | "b:write">>>();
guest.can("a:read");
guest.canAll(["a:read", "b:write"]);
// @ts-expect-error no such permission
guest.can("a:raed");
// @ts-expect-error no such permission
guest.check("c:read");
// @ts-expect-error no such permission in the list
guest.canSome(["a:read", "c"]);

// Whole questions.
const question: Question = { id: 1, principal: null, ask: { kind: "permission", permission: "a:b" }, context: { now: "2026-01-01T00:00:00Z" } };
expect<Equal<ReturnType<typeof policy.decide>, Decision>>();
policy.decide(question);
policy.decide({ ask: { kind: "instance", action: "read", subject: "archive", object: archive } });
policy.decide({ principal: "u", ask: { kind: "scope", permission: "a", tenant: "t", sessionScopes: "a b" } });
// @ts-expect-error a question asks something
policy.decide({ principal: "u" });
// @ts-expect-error there is no such kind
policy.decide({ ask: { kind: "guess" } });

// What a snapshot says about itself.
expect<Equal<typeof policy.tenant, string | undefined>>();
expect<Equal<typeof policy.warnings, readonly Warning[]>>();
// @ts-expect-error it cannot be changed
policy.system = "kura";
policy.list("roles");
expect<Equal<ReturnType<typeof policy.list>, unknown>>();
policy.list("roles")[0]?.grants[0]?.permission;
policy.list<{ userConfig: object[] }>("users", { permission: "a" }).userConfig.length;
// @ts-expect-error there is no such list in any system
policy.list("rolls");

// Handles can be freed, by hand or by `using`.
{
  using held = loadPolicy("{}");
  held.free();
}
user.free();

const error = new LatchgateError("ERR_ARGUMENT", "a sentence");
expect<Equal<typeof error.code, LatchgateErrorCode>>();
// @ts-expect-error there is no such code
if (error.code === "ERR_JASON") throw error;
expect<Equal<typeof error.path, string>>();
expect<Equal<typeof error.name, "LatchgateError">>();
expect<typeof error extends Error ? true : false>();
