// `npm run casl-suite -- FOLDER`: CASL's own tests on latchgate/casl. FOLDER is a checkout of CASL at the tag @casl/ability@7.0.1, which
// is not part of this repository. Its files are run as they are; only what they import is exchanged. Needs a built package.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build, dist } from "./lib/paths.mjs";
import { attempt, Failure, run } from "./lib/run.mjs";

/** What the tests themselves import, and what runs them: installed beside the copy, since nothing else here needs it. */
const TOOLS = { vitest: "3.2.4", "expect-type": "0.15.0", typescript: "5.9.3", "@types/jest": "30.0.0", "@types/node": "20.19.43" };

const place = join(build, "casl-suite");

try {
  const spec = join(resolve(process.argv[2] ?? ""), "packages", "casl-ability", "spec");
  if (process.argv[2] === undefined || !existsSync(spec)) throw new Failure("give the folder of a checkout of CASL: npm run casl-suite -- FOLDER");
  rmSync(join(place, "spec"), { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  cpSync(spec, join(place, "spec"), { recursive: true });
  await install();
  writeConfiguration();
  const tests = await runTests();
  const types = await checkTypes();
  console.log(`${tests.passed} passed, ${tests.failed} failed; types: ${types === 0 ? "no complaint" : `${types} complaints`}`);
  if (tests.passed === 0 || tests.failed > 0 || types > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function install() {
  const wanted = JSON.stringify({ private: true, dependencies: TOOLS });
  const manifest = join(place, "package.json");
  if (existsSync(manifest) && readFileSync(manifest, "utf8") === wanted && existsSync(join(place, "node_modules"))) return;
  writeFileSync(manifest, wanted);
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: place, quiet: true });
}

function writeConfiguration() {
  const entry = (name) => JSON.stringify(join(dist, name));
  writeFileSync(
    join(place, "vitest.config.mjs"),
    `export default {
      resolve: { alias: [
        { find: /^(\\.\\.\\/)+src\\/extra$/, replacement: ${entry("casl.extra.js")} },
        { find: /^(\\.\\.\\/)+src$/, replacement: ${entry("casl.inline.js")} },
      ] },
      test: { globals: true, include: ["spec/**/*.spec.ts"], setupFiles: ["./setup.mjs"] },
    };`,
  );
  writeFileSync(join(place, "setup.mjs"), `import { vi } from "vitest"; globalThis.jest = vi;`);
  mkdirSync(join(place, "src"), { recursive: true });
  const types = (name) => `export * from ${JSON.stringify(join(dist, "casl", name))};\n`;
  writeFileSync(join(place, "src", "index.ts"), types("index.js"));
  writeFileSync(join(place, "src", "extra.ts"), types("extra/index.js"));
  const compilerOptions = { target: "ES2022", module: "ESNext", moduleResolution: "Bundler", strict: true, skipLibCheck: true, noEmit: true, types: ["jest", "node"] };
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["spec/types/*.ts"] }));
}

async function runTests() {
  const report = join(place, "report.json");
  rmSync(report, { force: true });
  await attempt(process.execPath, [join(place, "node_modules", "vitest", "vitest.mjs"), "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], { cwd: place });
  const { numPassedTests: passed, numTotalTests: total, testResults } = JSON.parse(readFileSync(report, "utf8"));
  // A file that cannot be loaded has no tests; a group without tests, of which there is one, is no failure.
  const broken = testResults.filter((file) => file.assertionResults.length === 0).length;
  return { passed, failed: total - passed + broken };
}

async function checkTypes() {
  const { code, output } = await attempt(process.execPath, [join(place, "node_modules", "typescript", "bin", "tsc"), "-p", "."], { cwd: place });
  return code === 0 ? 0 : Math.max(1, output.match(/error TS/g)?.length ?? 0);
}
