// Every committed lock file: what is installed is what was looked at. Each package of a registry has its check sum, no host of a registry is
// named, and no lock has been left behind by the manifest that it belongs to.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (...path) => readFileSync(join(root, ...path), "utf8");

const SKIPPED = new Set(["node_modules", "target", "build", ".git", "dist"]);

/** Lock files of a name, in all folders. */
function locks(name, folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : locks(name, path);
    return entry.name === name ? [relative(root, path)] : [];
  });
}

const npm = locks("package-lock.json");
const cargo = locks("Cargo.lock");

test("there are lock files, and all that git knows are looked at", () => {
  assert.ok(npm.length >= 3 && cargo.length >= 3, `${npm}, ${cargo}`);
  if (!existsSync(join(root, ".git"))) return;
  const known = execFileSync("git", ["ls-files", "*package-lock.json", "*Cargo.lock"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  assert.deepEqual([...npm, ...cargo].sort(), known.sort());
});

for (const file of npm) {
  test(`${file}: each package has its check sum, and names no host`, () => {
    const text = read(file);
    const { lockfileVersion, packages } = JSON.parse(text);
    assert.equal(lockfileVersion, 3);
    let counted = 0;
    for (const [place, entry] of Object.entries(packages)) {
      if (!place.includes("node_modules/")) continue;
      // A workspace, or what another package brings inside of itself.
      if (entry.link || entry.inBundle) continue;
      assert.match(entry.integrity ?? "", /^sha512-[A-Za-z0-9+/]{86}==$/, `${place}@${entry.version} has no integrity`);
      assert.equal(entry.resolved, undefined, `${place} says where it came from`);
      counted++;
    }
    assert.ok(counted > 0);
    console.log(`${file}: ${counted} packages have their check sums`);
    assert.doesNotMatch(text, /"resolved": "[a-z+]+:/);
  });
  test(`${file}: says what package.json wants`, () => {
    const manifest = JSON.parse(read(dirname(file), "package.json"));
    const [self] = Object.values(JSON.parse(read(file)).packages);
    for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) assert.deepEqual(self[kind], manifest[kind], kind);
  });
}

/** Packages of a Cargo.lock: name, version, source, check sum, and what they depend on. */
const packagesOf = (text) =>
  text
    .split("[[package]]\n")
    .slice(1)
    .map((block) => {
      const word = (key) => new RegExp(`^${key} = "(.*)"$`, "m").exec(block)?.[1];
      const list = /^dependencies = \[\n([^\]]*)\]/m.exec(block)?.[1] ?? "";
      return { name: word("name"), version: word("version"), source: word("source"), checksum: word("checksum"), wants: [...list.matchAll(/"([^" ]+)[^"]*"/g)].map(([, name]) => name) };
    });

/** Dependencies of a Cargo.toml by section: name, version, whether it is optional. */
function manifestOf(text) {
  const found = [];
  let section = "";
  for (const line of text.split("\n")) {
    section = /^\[(.*)\]$/.exec(line)?.[1] ?? section;
    const [, name, value] = /^([\w-]+) = (.+)$/.exec(line) ?? [];
    if (name === undefined || !/(^|\.)(dev-)?dependencies$/.test(section)) continue;
    const version = /^"(.*)"$/.exec(value)?.[1] ?? /version = "([^"]*)"/.exec(value)?.[1];
    found.push({ name, version, isDev: section.endsWith("dev-dependencies"), isOptional: /optional = true/.test(value) });
  }
  return found;
}

const names = (list) => [...new Set(list.map(({ name }) => name))].sort();
const core = manifestOf(read("Cargo.toml"));

for (const file of cargo) {
  test(`${file}: each crate has its check sum, and is what the manifests want`, () => {
    const packages = packagesOf(read(file));
    const manifest = manifestOf(read(dirname(file), "Cargo.toml"));
    let counted = 0;
    for (const { name, version, source, checksum } of packages) {
      if (source === undefined) continue;
      assert.equal(source, "registry+https://github.com/rust-lang/crates.io-index", name);
      assert.match(checksum ?? "", /^[0-9a-f]{64}$/, `${name} ${version} has no check sum`);
      counted++;
    }
    console.log(`${file}: ${counted} crates have their check sums`);
    const own = packages.find(({ name, source }) => name === "latchgate" && source === undefined);
    const isRoot = dirname(file) === ".";
    // Elsewhere the crate comes without its tests, and without what only the bindings need.
    assert.deepEqual([...own.wants].sort(), names(isRoot ? core : core.filter(({ isDev, isOptional }) => !isDev && !isOptional)), "latchgate's own dependencies: `cargo update --workspace` beside it");
    const itself = packages.find(({ name }) => name === /^name = "(.*)"$/m.exec(read(dirname(file), "Cargo.toml"))[1]);
    assert.deepEqual([...itself.wants].sort(), names(manifest));
    for (const { name, version } of [...manifest, ...core.filter(({ name }) => own.wants.includes(name))]) {
      const exact = /^=(.*)$/.exec(version ?? "")?.[1];
      if (exact !== undefined) assert.ok(packages.some((one) => one.name === name && one.version === exact), `${name} ${version}`);
    }
  });
}
