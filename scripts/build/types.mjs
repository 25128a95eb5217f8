// Type declarations, once for `import` and once for `require`: TypeScript takes a `.d.ts` in this package for an ES module,
// so CommonJS callers need the same text under `.d.cts`.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, dist, inRoot } from "../lib/paths.mjs";
import { run } from "../lib/run.mjs";
import { digest, folder, oneFile, unlessFresh } from "../lib/stamp.mjs";

const emitted = join(build, "types");
const ENTRIES = {
  "index.d.ts": "index",
  "entry.slim.d.ts": "slim",
  "reader.d.ts": "reader",
  "entry.reader.slim.d.ts": "reader.slim",
  "insight/index.d.ts": "insight/index",
  "insight/entry.slim.d.ts": "insight/slim",
  "casl/index.d.ts": "casl/index",
  "casl/extra/index.d.ts": "casl/extra/index",
};

export async function buildTypes() {
  const typescript = inRoot("node_modules", "typescript");
  const stamp = digest(folder(inRoot("pkg", "src")), oneFile(inRoot("pkg", "tsconfig.json")), oneFile(join(typescript, "package.json")), oneFile(new URL(import.meta.url).pathname));
  const outputs = Object.values(ENTRIES).flatMap((name) => [join(dist, `${name}.d.ts`), join(dist, `${name}.d.cts`)]);
  return unlessFresh("types", stamp, outputs, async () => {
    rmSync(emitted, { recursive: true, force: true });
    await run(process.execPath, [join(typescript, "bin", "tsc"), "-p", inRoot("pkg", "tsconfig.json")]);
    mkdirSync(dist, { recursive: true });
    const done = new Set();
    for (const [file, name] of Object.entries(ENTRIES)) publish(file, name, done);
  });
}

/** Copies a declaration and those it imports; the rest of pkg/src is nobody's business. */
function publish(file, name, done) {
  if (done.has(file)) return;
  done.add(file);
  const text = readFileSync(join(emitted, file), "utf8");
  const imported = [...text.matchAll(/from "(\.\.?\/[\w./-]+)\.js"/g)].map((match) => match[1]);
  mkdirSync(dirname(join(dist, name)), { recursive: true });
  writeFileSync(join(dist, `${name}.d.ts`), text);
  writeFileSync(join(dist, `${name}.d.cts`), text.replaceAll(/from "(\.\.?\/[\w./-]+)\.js"/g, 'from "$1.cjs"'));
  for (const other of imported) {
    const path = join(dirname(file), other);
    publish(`${path}.d.ts`, path, done);
  }
}
