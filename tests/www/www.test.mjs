// The demo page, built and opened in headless Chromium: what a visitor sees is what the engine answers.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium as executablePath, flags } from "../../scripts/lib/chromium.mjs";
import { serve } from "../../scripts/lib/browser.mjs";

const SYSTEMS = ["hantera", "emporix", "open-archiver", "kura", "ithbat"];
const folder = mkdtempSync(join(tmpdir(), "latchgate-www-"));
let server;
let browser;

before(async () => {
  const { build } = await import("vite");
  await build({ configFile: fileURLToPath(new URL("../../www/vite.config.js", import.meta.url)), logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
  server = await serve(folder);
  const { chromium } = await import("playwright-core");
  browser = await chromium.launch({ executablePath, args: flags });
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the page; anything the page complains about fails the test. */
async function open(context, hash = "", options = {}) {
  const page = await browser.newPage(options);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  context.after(async () => {
    await page.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(`${server.url}/${hash}`);
  await page.waitForSelector("html[data-ready=true]", { timeout: 20_000 });
  return page;
}

/** A control as the visitor meets it. */
async function control(page, id) {
  const button = page.locator(`button[data-control="${id}"]`);
  const card = page.locator("li.control", { has: button });
  return {
    button,
    card,
    disabled: (await button.getAttribute("aria-disabled")) === "true",
    verdict: await card.locator(".verdict").innerText(),
    reason: await page.locator(`#${await button.getAttribute("aria-describedby")}`).innerText(),
  };
}

test("a principal of Hantera: one control enabled, one disabled, each with its reason", async (context) => {
  const page = await open(context);
  await page.getByLabel("Signed in as").selectOption("p-agent");
  const run = await control(page, "run-commands");
  assert.equal(run.disabled, false);
  assert.match(run.verdict, /allowed/);
  assert.ok(run.reason.length > 10);
  await run.card.locator("summary").click();
  assert.match(await run.card.locator(".facts").innerText(), /H3[\s\S]*granted[\s\S]*200/);
  assert.match(await run.card.locator(".grants").innerText(), /actors:\*[\s\S]*role support:agent/);

  const write = await control(page, "write-the-registry");
  assert.equal(write.disabled, true);
  assert.match(write.verdict, /denied/);
  assert.ok(write.reason.length > 10);
  await write.button.focus();
  await page.keyboard.press("Enter"); // a denied control is reached by keyboard, and opens its reason
  assert.match(await write.card.locator(".facts").innerText(), /no_grant[\s\S]*403/);

  await page.getByLabel("Signed in as").selectOption("p-owner");
  assert.equal((await control(page, "write-the-registry")).disabled, false);
  assert.match(page.url(), /#snapshot=hantera&principal=p-owner$/);
});

test("every system has its portal, and some controls of each are allowed, some denied", async (context) => {
  const page = await open(context);
  let systems = 0;
  for (const system of SYSTEMS) {
    await page.locator(`label[for="sample-${system}"]`).click();
    await page.waitForFunction((key) => location.hash.includes(`snapshot=${key}`), system);
    const allowed = await page.locator("li.control.allow").count();
    const denied = await page.locator("li.control.deny").count();
    assert.ok(allowed > 0 && denied > 0, `${system}: ${allowed} allowed, ${denied} denied`);
    assert.equal(await page.locator("li.control.error").count(), 0, system);
    systems++;
  }
  assert.equal(systems, 5);
});

test("a record of one's own and a record of somebody else", async (context) => {
  const page = await open(context, "#snapshot=open-archiver&principal=u%3Aenduser");
  assert.equal((await control(page, "change-finance")).disabled, false);
  assert.equal((await control(page, "change-board")).disabled, true);
  assert.equal((await control(page, "ingestion-sources")).disabled, false);
});

test("how one has logged in changes the answer", async (context) => {
  const page = await open(context, "#snapshot=kura&principal=newadmin&auth=certificate");
  assert.equal((await control(page, "list-the-identities")).disabled, false);
  await page.getByLabel("Logged in with").selectOption("basic");
  assert.equal((await control(page, "list-the-identities")).disabled, true);
  await page.getByLabel("Signed in as").selectOption({ label: "Nobody: not logged in" });
  const { card, disabled } = await control(page, "list-the-identities");
  assert.equal(disabled, true);
  await card.locator("summary").click();
  assert.match(await card.locator(".facts").innerText(), /401/);
});

test("a free question is answered with its reason", async (context) => {
  const page = await open(context, "#snapshot=hantera&principal=p-agent");
  const answer = page.locator("#free-answer");
  const question = page.getByLabel("Question", { exact: true });
  await question.fill("registry:read");
  await page.getByRole("button", { name: "Ask" }).click();
  assert.match(await answer.innerText(), /allowed/);
  await question.fill("registry:delete");
  await question.press("Enter");
  assert.match(await answer.innerText(), /denied/);
  await page.getByLabel("Kind of question").selectOption("request");
  await question.fill("GET /resources/iam/roles");
  await question.press("Enter");
  assert.match(await answer.innerText(), /denied[\s\S]*GET \/resources\/iam\/roles/);
  await page.getByLabel("Kind of question").selectOption("json");
  await question.fill('{"kind":"nosuch"}');
  await question.press("Enter");
  assert.match(await answer.innerText(), /no answer/);
  await question.fill("{");
  await question.press("Enter");
  assert.match(await answer.innerText(), /not JSON/);
});

test("a snapshot that does not load: code and path are shown, the portal stays", async (context) => {
  const page = await open(context);
  const before = await page.locator("li.control").count();
  await page.locator('label[for="sample-own"]').click();
  await page.getByRole("button", { name: "Break it" }).click();
  const problem = page.getByRole("alert");
  assert.match(await problem.innerText(), /ERR_\w+/);
  assert.match(await problem.innerText(), /\$\.payloads\.rolez/);
  assert.equal(await page.locator("li.control").count(), before);
  await page.getByLabel("Snapshot as JSON").fill("<img src=x onerror=alert(1)>");
  await page.getByRole("button", { name: "Load", exact: true }).click();
  assert.match(await problem.innerText(), /ERR_\w+/);
});

test("at phone width nothing has to be scrolled sideways", async (context) => {
  const page = await open(context, "", { viewport: { width: 360, height: 740 } });
  for (const system of SYSTEMS) {
    await page.locator(`label[for="sample-${system}"]`).click();
    await page.waitForFunction((key) => location.hash.includes(`snapshot=${key}`), system);
    for (const summary of await page.locator("#portal summary").all()) await summary.click();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${system}: ${over} pixels too wide`);
  }
});

test("every field has a label and every control a name", async (context) => {
  const page = await open(context);
  const unnamed = await page.evaluate(() =>
    [...document.querySelectorAll("input, select, textarea, button")]
      .filter((field) => !(field.labels?.length > 0 || field.getAttribute("aria-label") || field.textContent.trim()))
      .map((field) => field.outerHTML.slice(0, 80)),
  );
  assert.deepEqual(unnamed, []);
});

test("the types of the page hold", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "www")], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
