// A back end: every request is decided by the snapshot's own table, and a record by its conditions. `node examples/node/server.mjs`
// listens on port 8080; the header `x-user` stands for your own check of a token.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { loadPolicy } from "latchgate";

const policy = loadPolicy(readFileSync(new URL("../snapshot.json", import.meta.url)));
const invoices = new Map([
  ["7", { id: "7", owner: "ann" }],
  ["8", { id: "8", owner: "bob" }],
]);

export const server = createServer((request, response) => {
  const user = policy.principal(request.headers["x-user"] ?? null);
  const record = invoices.get(/^\/invoices\/([^/?]+)/.exec(request.url)?.[1]);
  const { effect, status, code, message } = user.checkRequest(request.method, request.url, { resource: record });
  const body = effect === "allow" ? (record ?? {}) : { code, message };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});

if (process.argv[1] === fileURLToPath(import.meta.url)) server.listen(8080, () => console.log("http://localhost:8080/invoices/7"));
