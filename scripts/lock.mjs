// `npm run lock`, after dependencies changed: writes package-lock.json, and those of bench/, of site/ and of the older oracle in tests/.
//
// A registry mirror may carry only the packages of its own platform. npm then leaves the others out of the lock file without
// a word, and `npm ci` refuses that file. They are optional, pinned exactly by the package that wants them, and never
// installed here: their names, versions and platforms are written down, so that the file is complete on every machine. Their check sums
// are those that the file had, or asked for one by one; without one nothing is written: tests/locks looks at that.

import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inRoot, root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

const OS = { aix: "aix", android: "android", darwin: "darwin", freebsd: "freebsd", linux: "linux", netbsd: "netbsd", openbsd: "openbsd", openharmony: "openharmony", sunos: "sunos", win32: "win32", windows: "win32" };
const CPU = { arm: "arm", arm64: "arm64", ia32: "ia32", loong64: "loong64", mips64el: "mips64el", ppc64: "ppc64", riscv64: "riscv64", s390x: "s390x", wasm32: "wasm32", x64: "x64", 64: "x64" };

for (const folder of [root, inRoot("bench"), inRoot("site"), inRoot("tests", "oracle", "casl6")]) await writeLock(folder);

async function writeLock(folder) {
  const known = new Map();
  for (const [place, { version, integrity }] of Object.entries(JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages)) {
    if (integrity !== undefined) known.set(`${place}@${version}`, integrity);
  }
  await run("npm", ["install", "--package-lock-only", "--ignore-scripts"], { cwd: folder, quiet: true });
  const file = join(folder, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  let added = 0;
  for (const wanting of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(wanting.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`;
      if (place in lock.packages) continue;
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) throw new Error(`${name} is wanted in no particular version (${version})`);
      const integrity = known.get(`${place}@${version}`) ?? (await integrityOf(name, version));
      lock.packages[place] = { version, integrity, dev: true, optional: true, ...platform(name) };
      added++;
    }
  }
  const [self, ...others] = Object.entries(lock.packages);
  others.sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries([self, ...others]);
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`${relative(root, file)}: ${others.length} packages, ${added} of them for other platforms and not in this registry`);
}

/** The check sum of a package that is not installed. */
async function integrityOf(name, version) {
  const integrity = (await run("npm", ["view", `${name}@${version}`, "dist.integrity"], { quiet: true })).trim();
  if (!integrity.startsWith("sha512-")) throw new Error(`the registry has no check sum of ${name}@${version}`);
  return integrity;
}

/** Without these npm would try to install it. */
function platform(name) {
  const parts = name.replace(/^.*\//, "").split("-");
  const os = parts.map((part) => OS[part]).find(Boolean);
  const cpu = parts.map((part) => (/^(arm|musl|gnu)?eabi(hf)?$/.test(part) ? undefined : CPU[part])).find(Boolean);
  if (os === undefined && cpu === undefined) throw new Error(`the platform of ${name} cannot be told from its name`);
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }) };
}
