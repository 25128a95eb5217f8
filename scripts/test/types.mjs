// The types: of the command line, and of the packed package as a strict TypeScript project sees them.

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { consumer } from "../lib/consumer.mjs";
import { inRoot } from "../lib/paths.mjs";
import { Failure, run } from "../lib/run.mjs";

// No DOM, no Node types, declarations checked too: the types must not lean on what a project may not have.
const STRICT = { target: "ES2022", lib: ["ES2022"], types: [], strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true };
const MODES = {
  nodenext: { compilerOptions: { ...STRICT, module: "NodeNext" }, include: ["*.ts", "*.cts"] },
  // A bundler's project has no CommonJS files of its own.
  bundler: { compilerOptions: { ...STRICT, module: "ESNext", moduleResolution: "Bundler" }, include: ["*.ts"] },
};

export async function testTypes() {
  const tsc = (folder, config) => run(process.execPath, [inRoot("node_modules", "typescript", "bin", "tsc"), "-p", config], { cwd: folder });
  await tsc(inRoot("pkg"), "tsconfig.cli.json");
  let passed = 1;

  const folder = join(await consumer(), "types");
  cpSync(inRoot("tests", "pkg", "types"), folder, { recursive: true });
  for (const [name, config] of Object.entries(MODES)) {
    writeFileSync(join(folder, `tsconfig.${name}.json`), JSON.stringify(config));
    await tsc(folder, `tsconfig.${name}.json`);
    const claims = claimsIn(folder, config.include.map((pattern) => pattern.slice(1)));
    if (claims === 0) throw new Failure("the type tests claim nothing");
    console.log(`${name}: ${claims} claims about types hold`);
    passed += claims;
  }
  return passed + (await beside(tsc));
}

/** With @casl/ability and @casl/react installed beside it: whoever asks for an ability of theirs takes one of ours. */
async function beside(tsc) {
  const folder = join(await consumer(), "types-beside");
  cpSync(inRoot("tests", "casl", "types"), folder, { recursive: true });
  // Copies: from where a link leads other copies would be found.
  for (const name of ["@casl/ability", "@casl/react", "@ucast"]) cpSync(inRoot("node_modules", name), join(folder, "node_modules", name), { recursive: true, dereference: true });
  mkdirSync(join(folder, "node_modules", "latchgate"), { recursive: true });
  cpSync(join(await consumer(), "node_modules", "latchgate"), join(folder, "node_modules", "latchgate"), { recursive: true });
  // The declarations of React are left out, so those that lean on them are not checked themselves.
  const compilerOptions = { ...STRICT, lib: ["ES2022", "DOM"], module: "ESNext", moduleResolution: "Bundler", skipLibCheck: true };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  await tsc(folder, "tsconfig.json");
  const claims = claimsIn(folder, [".ts"]) + readFileSync(join(folder, "react.ts"), "utf8").match(/^(?:AbilityProvider|Can|const theirs)/gm).length;
  console.log(`beside @casl/ability and @casl/react: ${claims} claims about types hold`);
  return claims;
}

/** Expected errors and expected types; `tsc` fails when one of them does not hold. */
function claimsIn(folder, endings) {
  const files = readdirSync(folder).filter((name) => endings.some((ending) => name.endsWith(ending)));
  return files.reduce((sum, name) => sum + (readFileSync(join(folder, name), "utf8").match(/\/\/ @ts-expect-error|^ *expect</gm)?.length ?? 0), 0);
}
