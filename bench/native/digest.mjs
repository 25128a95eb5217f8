// The digests that `src/workload.rs` expects, from the JavaScript workloads: `node digest.mjs path/to/workloads.mjs`.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { w1, w2 } = await import(pathToFileURL(resolve(process.argv[2])).href);
for (const { id, doc, checks } of [w1(), w2()]) {
  const hash = createHash("sha256");
  for (const [name, grants] of Object.entries(doc.roles)) for (const { a, r } of grants) hash.update(`grant ${name} ${a} ${r}\n`);
  for (const [name, roles] of Object.entries(doc.users)) hash.update(`user ${name} ${roles.join(" ")}\n`);
  for (const { u, a, r, e } of checks) hash.update(`check ${u} ${a} ${r} ${e}\n`);
  console.log(id, hash.digest("hex"));
}
