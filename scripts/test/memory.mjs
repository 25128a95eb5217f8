import { consumer } from "../lib/consumer.mjs";
import { Failure, run } from "../lib/run.mjs";

/** See tests/runtimes/memory.mjs. */
export async function testMemory() {
  const results = JSON.parse(await run(process.execPath, ["memory.mjs"], { cwd: await consumer(), quiet: true }));
  for (const { what, before, after } of results) {
    console.log(`${what}: ${before / 1024} KB before, ${after / 1024} KB after`);
    if (before !== after) throw new Failure(`${what}: the WebAssembly memory grew by ${(after - before) / 1024} KB`);
  }
  return results.length;
}
