// A page in headless Chromium: serves a folder, opens a page, waits for what it leaves in `globalThis.result`.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium, flags } from "./chromium.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm", ".css": "text/css" };

/** Serves files of a folder on a free port of this machine only. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const asked = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const path = asked.endsWith("/") ? `${asked}index.html` : asked;
    try {
      const body = await readFile(join(folder, path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** One browser for several pages: Chromium, or `firefox` or `webkit` as playwright-core has installed them. */
export async function withBrowser(work, name = "chromium") {
  const playwright = await import("playwright-core");
  const browser = await playwright[name].launch(name === "chromium" ? { executablePath: chromium, args: flags } : {});
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** Opens a page of a folder and gives back its result; an exception in the page is one here. */
export async function resultOf(browser, folder, path = "/") {
  const server = await serve(folder);
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.stack ?? String(error)));
  try {
    await page.goto(server.url + path);
    await page.waitForFunction(() => globalThis.result !== undefined, undefined, { timeout: 20_000 });
    return await page.evaluate(() => globalThis.result);
  } catch (error) {
    throw new Error([`${path}: ${error.message}`, ...errors].join("\n"));
  } finally {
    await page.close();
    server.close();
  }
}
