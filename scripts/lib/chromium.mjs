// Chromium and its driver, from Debian where that is possible. Elsewhere they have to be there.

import { existsSync } from "node:fs";
import { Failure, run, works } from "./run.mjs";

export const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const chromedriver = process.env.CHROMEDRIVER ?? "/usr/bin/chromedriver";

/** For a browser without a screen, a user of its own, or the network. The same list stands in webdriver.json. */
export const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** True when a browser is there; without one false, or a failure where nothing may be missing (CI=true). */
export async function ensureChromium() {
  if (await present()) return true;
  if (process.getuid?.() === 0 && (await works("apt-get", "--version"))) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-q"], { env, quiet: true });
    await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", "chromium", "chromium-driver"], { env, quiet: true });
    if (await present()) return true;
  }
  const sentence = `Chromium (${chromium}) or its driver (${chromedriver}) is missing: install both, or set CHROMIUM and CHROMEDRIVER`;
  if (process.env.CI === "true") throw new Failure(sentence);
  console.log(`${sentence}; tests in a browser are left out.`);
  return false;
}

async function present() {
  return existsSync(chromium) && existsSync(chromedriver) && (await works(chromedriver, "--version"));
}
