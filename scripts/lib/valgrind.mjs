// Valgrind, from Debian where that is possible. Elsewhere it has to be there.

import { Failure, run, works } from "./run.mjs";

export async function ensureValgrind() {
  if (await works("valgrind", "--version")) return;
  if (process.getuid?.() === 0 && (await works("apt-get", "--version"))) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-q"], { env, quiet: true });
    await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", "valgrind"], { env, quiet: true });
    if (await works("valgrind", "--version")) return;
  }
  throw new Failure("valgrind is missing: install it from your distribution (it runs on Linux and some other systems)");
}
