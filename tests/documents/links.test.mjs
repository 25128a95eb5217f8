// Every link of every document leads somewhere: to a file of the repository, and to a heading or anchor in it. Addresses in the web are
// not asked; this works without a network.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";
import { textOf } from "../../scripts/lib/documents.mjs";
import { inRoot } from "../../scripts/lib/paths.mjs";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: inRoot(), encoding: "utf8" }).split("\n").filter((name) => name !== "" && existsSync(inRoot(name)));
/** Folders of `docs` that travel in the package, at the same place. */
const PACKED = ["docs/guides/", "docs/reference/", "docs/rules/"];

const prose = (text) => text.replace(/^```[^]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
const linksOf = (text) => [...prose(text).matchAll(/!?\[(?:[^\]\\]|\\.)*\]\(([^)\s]+)\)/g)].map(([, target]) => target);

/** As GitHub makes anchors of headings. */
function anchorsOf(text) {
  const seen = new Map();
  const headings = [...text.replace(/^```[^]*?^```$/gm, "").matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) => {
    const slug = title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase().replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id)]);
}

/** What is wrong with a link; `undefined` where nothing is. */
function faultOf(file, target) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return /^https:\/\/[\w.-]+\.[a-z]+([/?#]|$)/.test(target) || target.startsWith("mailto:") ? undefined : "not an https address";
  const [path, anchor] = target.split("#");
  // README and docs stand in the root of the package.
  const base = file === "pkg/README.md" ? "." : posix.dirname(file);
  const place = path === "" ? file : posix.normalize(posix.join(base, decodeURI(path)));
  if (!existsSync(inRoot(place))) return "there is no such file";
  const isPacked = (name) => PACKED.some((folder) => name.startsWith(folder));
  if ((isPacked(file) || file === "pkg/README.md") && place !== file && !isPacked(place)) return "not in the package";
  if (anchor !== undefined && !anchorsOf(textOf(place)).has(anchor)) return `no heading #${anchor}`;
  return undefined;
}

test("every link leads somewhere", (context) => {
  const links = files.flatMap((file) => linksOf(textOf(file)).map((target) => ({ file, target })));
  context.diagnostic(`${links.length} links in ${files.length} documents`);
  assert.ok(files.length > 20 && links.length > 100);
  assert.deepEqual(links.map(({ file, target }) => [file, target, faultOf(file, target)]).filter(([, , fault]) => fault !== undefined), []);
});

test("a link that leads nowhere is found", () => {
  assert.equal(faultOf("README.md", "docs/none.md"), "there is no such file");
  assert.equal(faultOf("docs/rules/index.md", "hantera.md#h99"), "no heading #h99");
  assert.equal(faultOf("docs/rules/index.md", "hantera.md#h3"), undefined);
  assert.equal(faultOf("docs/rules/index.md", "../../README.md"), "not in the package");
  assert.equal(faultOf("README.md", "http://example.org/"), "not an https address");
  assert.deepEqual(linksOf("[a](b.md) `[c](d.md)` ![e](f.svg)\n```\n[g](h.md)\n```\n"), ["b.md", "f.svg"]);
});

test("the README is read to its end", () => assert.ok(Buffer.byteLength(textOf("README.md")) <= 9000));

/** Files that a document names in its text, without a link. */
test("every file of the sources that a document names is there", () => {
  const named = files.filter((file) => file !== "CHANGELOG.md").flatMap((file) => [...textOf(file).matchAll(/`((?:pkg\/src|src|tests|scripts|docs|bench|schema)\/[\w./-]+)`/g)].map(([, path]) => [file, path]));
  assert.ok(named.length > 40);
  assert.deepEqual(named.filter(([file, path]) => path !== "bench/results/native.json" && !existsSync(inRoot(path)) && !existsSync(inRoot(posix.dirname(file), path))), []);
});
