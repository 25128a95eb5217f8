// Writes the native snapshot of a made-up company, always the same for the same options:
// node scripts/company.mjs [--principals N] [--roles N] [--permissions N] [--seed N] [--out FILE]   (to stdout without --out)
// Every permission is declared; a role has about 40 of them, a principal 1 to 5 roles. It is written piece by piece, never held whole.

import { createWriteStream } from "node:fs";
import { parseArgs } from "node:util";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { generator } from "./lib/random.mjs";

const options = parseArgs({
  options: {
    principals: { type: "string", default: "100000" },
    roles: { type: "string", default: "2000" },
    permissions: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    out: { type: "string" },
  },
}).values;
const size = Object.fromEntries(["principals", "roles", "permissions", "seed"].map((name) => [name, whole(name, options[name])]));

const ACTIONS = ["read", "create", "update", "delete", "export", "approve", "archive", "share", "assign", "comment"];
const AREAS = ["sales", "billing", "stock", "people", "support", "legal", "marketing", "logistics", "research", "security"];
const THINGS = ["order", "invoice", "customer", "product", "report", "ticket", "project", "task", "contract", "document"];
const COUNTRIES = ["de", "at", "ch", "fr", "it", "es", "nl", "pl", "se", "us"];
const LIMIT = 64 * 1024 * 1024;

const random = generator(size.seed);
const resources = Array.from({ length: Math.ceil(size.permissions / ACTIONS.length) }, (_, at) => {
  const name = `${AREAS[at % 10]}/${THINGS[Math.floor(at / 10) % 10]}`;
  return at < 100 ? name : `${name}-${Math.floor(at / 100)}`;
});
const tenants = [{ id: "acme" }, ...COUNTRIES.flatMap((country) => [{ id: `acme-${country}`, parent: "acme" }, { id: `acme-${country}-retail`, parent: `acme-${country}` }])];
const groups = Math.max(1, Math.round(size.roles / 10));

/** One permission and action name each, in the order in which they are declared. */
function* permissions() {
  for (let at = 0; at < size.permissions; at++) {
    const resource = resources[Math.floor(at / ACTIONS.length)];
    yield { name: `${resource}:${ACTIONS[at % ACTIONS.length]}`, category: resource.split("/")[0] };
  }
}

/** About 40 permissions as grants of one to six actions on one to three resources; few of them denied or conditional. */
function* roles() {
  for (let at = 0; at < size.roles; at++) {
    const grants = [];
    for (let held = 0; held < 37; ) {
      const actions = random.sample(ACTIONS, 1 + random.below(6));
      const on = random.sample(resources, Math.min(resources.length, 1 + random.below(3)));
      held += actions.length * on.length;
      grants.push({ actions, resources: on, ...oneIn(12, () => ({ conditions: condition() })) });
    }
    if (random.below(20) === 0) grants.push({ effect: "deny", actions: ["delete"], resources: [random.pick(resources)], reason: "kept for the auditors" });
    if (random.below(100) === 0) grants.push({ actions: ["read"], resources: [random.pick(AREAS)] });
    yield { key: `role-${at}`, ...oneIn(3, () => ({ name: `Role ${at}` })), ...(at > 0 ? oneIn(10, () => ({ inherits: [`role-${random.below(at)}`] })) : {}), grants };
  }
  yield { key: "root", superuser: true };
}

function condition() {
  return random.pick([
    { ownerId: "${principal.id}" },
    { total: { $lt: 1000 }, status: { $in: ["draft", "open"] } },
    { department: "${principal.attributes.department}" },
  ]);
}

function* groupsOfPeople() {
  for (let at = 0; at < groups; at++) {
    yield { id: `group-${at}`, ...(at > 0 ? oneIn(4, () => ({ memberOf: [`group-${random.below(at)}`] })) : {}), roles: [role()] };
  }
}

function* principals() {
  for (let at = 0; at < size.principals; at++) {
    const assigned = Array.from({ length: 1 + random.below(5) }, role);
    const scoped = [...new Set(assigned)].map((name) => (random.below(25) === 0 ? { role: name, scope: random.pick(tenants).id } : name));
    yield {
      id: `user-${at}`,
      ...oneIn(40, () => ({ type: random.pick(["client", "service"]) })),
      ...oneIn(4, () => ({ tenant: random.pick(tenants).id })),
      ...oneIn(100, () => ({ status: "suspended" })),
      ...oneIn(200, () => ({ validFrom: "2026-01-01T00:00:00Z", validUntil: "2027-01-01T00:00:00Z" })),
      roles: at === 0 ? ["root"] : scoped,
      ...oneIn(3, () => ({ groups: [`group-${random.below(groups)}`] })),
      ...oneIn(500, () => ({ grants: [{ permissions: [`${random.pick(resources)}:${random.pick(ACTIONS)}`] }] })),
      ...oneIn(5, () => ({ attributes: { department: random.pick(AREAS) } })),
    };
  }
}

const role = () => `role-${random.below(size.roles)}`;
/** Something, one time in so many; the draw is made either way. */
const oneIn = (many, make) => (random.below(many) === 0 ? make() : {});

function whole(name, text) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new RangeError(`--${name} has to be a whole number above 0, not ${text}`);
  return number;
}

/** The snapshot, an item a line. */
function* lines() {
  yield `{"format":1,"system":"latchgate","version":"company-${size.seed}","tenant":"acme","payloads":{"combining":"deny-overrides"`;
  const lists = { permissions: permissions(), tenants, roles: roles(), groups: groupsOfPeople(), principals: principals() };
  for (const [name, items] of Object.entries(lists)) {
    yield `,"${name}":[`;
    let separator = "\n";
    for (const item of items) {
      yield separator + JSON.stringify(item);
      separator = ",\n";
    }
    yield "]\n";
  }
  yield "}}\n";
}

const out = options.out === undefined ? process.stdout : createWriteStream(options.out);
let bytes = 0;
let piece = "";
async function flush() {
  bytes += Buffer.byteLength(piece);
  if (!out.write(piece)) await once(out, "drain");
  piece = "";
}
for (const line of lines()) {
  piece += line;
  if (piece.length > 1 << 16) await flush();
}
await flush();
if (options.out !== undefined) {
  out.end();
  await finished(out);
}
console.error(`${(bytes / 1024 / 1024).toFixed(1)} MiB: ${size.principals} principals, ${size.roles} roles, ${size.permissions} permissions`);
if (bytes > LIMIT) console.error("that is more than the 64 MiB that a snapshot may have");
