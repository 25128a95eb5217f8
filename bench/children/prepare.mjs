// Files that other processes load: documents of W4 and W5 as facts, as native snapshots, and compiled.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as latchgate from "latchgate";
import { snapshotOf } from "../adapters/latchgate-snapshot.mjs";
import { large } from "../workloads/large.mjs";
import { tiny } from "../workloads/tiny.mjs";

export default async function prepare({ sizes, folder }) {
  // Nothing compiled by an older build may be left.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await latchgate.init();
  const bytes = {};
  write("tiny", tiny());
  for (const size of sizes) write(String(size), large(size));
  return { bytes, compiles: "compile" in latchgate };

  function write(name, { document, resources, checks }) {
    const facts = JSON.stringify(document);
    const snapshot = JSON.stringify(snapshotOf(document));
    const files = { [`${name}.facts.json`]: facts, [`${name}.snapshot.json`]: snapshot, [`${name}.checks.json`]: JSON.stringify({ checks, resources }) };
    if ("compile" in latchgate) files[`${name}.compiled`] = latchgate.compile(Buffer.from(snapshot));
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
    bytes[name] = { facts: Buffer.byteLength(facts), snapshot: Buffer.byteLength(snapshot), compiled: files[`${name}.compiled`]?.byteLength };
  }
}
