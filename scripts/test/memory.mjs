import { consumer } from "../lib/consumer.mjs";
import { Failure, run } from "../lib/run.mjs";

/** See tests/runtimes/memory.mjs. */
export async function testMemory() {
  const results = JSON.parse(await run(process.execPath, ["--expose-gc", "memory.mjs"], { cwd: await consumer(), quiet: true }));
  for (const { what, before, after, most = 0 } of results) {
    console.log(`${what}: ${before / 1024} KB before, ${after / 1024} KB after${most > 0 ? `; ${Math.round(most / 1024)} KB more are expected at the most` : ""}`);
    if (after - before > most) throw new Failure(`${what}: the WebAssembly memory grew by ${(after - before) / 1024} KB`);
  }
  return results.length;
}
