// `npm run lock`, after dependencies changed: writes package-lock.json, and those of bench/, of site/ and of the older oracle in tests/.
//
// A registry mirror may carry only the packages of its own platform. npm then leaves the others out of the lock file without
// a word, and `npm ci` refuses that file. They are optional, pinned exactly by the package that wants them, and never
// installed here: their names, versions and platforms are written down, so that the file is complete on every machine.

import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inRoot, root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

const OS = { aix: "aix", android: "android", darwin: "darwin", freebsd: "freebsd", linux: "linux", netbsd: "netbsd", openbsd: "openbsd", openharmony: "openharmony", sunos: "sunos", win32: "win32", windows: "win32" };
const CPU = { arm: "arm", arm64: "arm64", ia32: "ia32", loong64: "loong64", mips64el: "mips64el", ppc64: "ppc64", riscv64: "riscv64", s390x: "s390x", wasm32: "wasm32", x64: "x64", 64: "x64" };

for (const folder of [root, inRoot("bench"), inRoot("site"), inRoot("tests", "oracle", "casl6")]) await writeLock(folder);

async function writeLock(folder) {
  await run("npm", ["install", "--package-lock-only", "--ignore-scripts"], { cwd: folder, quiet: true });
  const file = join(folder, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  let added = 0;
  for (const wanting of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(wanting.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`;
      if (place in lock.packages) continue;
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) throw new Error(`${name} is wanted in no particular version (${version})`);
      lock.packages[place] = { version, dev: true, optional: true, ...platform(name) };
      added++;
    }
  }
  const [self, ...others] = Object.entries(lock.packages);
  others.sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries([self, ...others]);
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`${relative(root, file)}: ${others.length} packages, ${added} of them for other platforms and not in this registry`);
}

/** Without these npm would try to install it. */
function platform(name) {
  const parts = name.replace(/^.*\//, "").split("-");
  const os = parts.map((part) => OS[part]).find(Boolean);
  const cpu = parts.map((part) => (/^(arm|musl|gnu)?eabi(hf)?$/.test(part) ? undefined : CPU[part])).find(Boolean);
  if (os === undefined && cpu === undefined) throw new Error(`the platform of ${name} cannot be told from its name`);
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }) };
}
