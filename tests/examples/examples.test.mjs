// The programs in `examples` run, and answer as their comments say. The Rust one runs in tests/documents.rs.

import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { compile } from "latchgate";
import { resultOf, withBrowser } from "../../scripts/lib/browser.mjs";
import { ensureChromium } from "../../scripts/lib/chromium.mjs";
import { inRoot } from "../../scripts/lib/paths.mjs";
import { server } from "../../examples/node/server.mjs";

test("node: who is nobody, who may not, who may", async (context) => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const ask = async (user, method, path) => {
    const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { method, headers: user === undefined ? {} : { "x-user": user } });
    return [response.status, (await response.json()).code];
  };
  assert.deepEqual(await ask("ann", "GET", "/invoices/7"), [200, undefined]);
  assert.deepEqual(await ask("bob", "GET", "/invoices/7"), [403, "no_grant"]);
  assert.deepEqual(await ask(undefined, "GET", "/invoices/7"), [401, "unauthenticated"]);
  assert.deepEqual(await ask("ann", "POST", "/invoices/7/payment"), [200, undefined]);
  assert.deepEqual(await ask("ann", "POST", "/invoices/8/payment"), [403, "no_grant"]);
  assert.deepEqual(await ask("ann", "GET", "/elsewhere"), [404, "unknown_route"]);
});

test("browser: the page shows the button for the invoice that its user may pay", { skip: (await ensureChromium()) ? false : "no browser" }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "latchgate-example-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(inRoot("examples/browser/index.html"), join(folder, "index.html"));
  writeFileSync(join(folder, "me.lgsn"), compile(readFileSync(inRoot("examples/snapshot.json")), { principal: "ann" }));
  await build({ entryPoints: [inRoot("examples/browser/main.js")], outfile: join(folder, "main.js"), bundle: true, format: "esm", logLevel: "error" });
  assert.equal(await withBrowser((browser) => resultOf(browser, folder)), "Invoice 7 Pay\nInvoice 8");
});
