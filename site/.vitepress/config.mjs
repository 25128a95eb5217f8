// The documentation site. scripts/docs.mjs lays the pages out in `site/pages`, as they stand in the repository.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const pages = fileURLToPath(new URL("../pages/", import.meta.url));
const titleOf = (file) => /^# (.+)$/m.exec(readFileSync(pages + file, "utf8"))?.[1].replace(/^Rules: /, "");
const entries = (folder, names) => names.map((name) => ({ text: titleOf(`docs/${folder}/${name}.md`), link: `/docs/${folder}/${name}` }));
const namesIn = (folder) => readdirSync(`${pages}docs/${folder}`).filter((name) => name.endsWith(".md") && !/^(index|README)\./.test(name)).map((name) => name.slice(0, -3));

export default defineConfig({
  title: "latchgate",
  description: "Decides permissions where the code runs",
  srcDir: pages,
  outDir: fileURLToPath(new URL("../../build/site/", import.meta.url)),
  cacheDir: fileURLToPath(new URL("../../build/site-cache/", import.meta.url)),
  // Files of the repository that are no pages: tests/documents/links.test.mjs looks after them.
  ignoreDeadLinks: [/^(\.\/|\.\.\/)*(examples|schema|bench|tests|src)\//, /\/(examples|rust|node|browser)(\/index)?$/],
  lastUpdated: false,
  cleanUrls: true,
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Guides", link: "/docs/guides/checking" },
      { text: "Reference", link: "/docs/reference/decisions" },
      { text: "Rules", link: "/docs/rules/" },
      { text: "API", link: "/docs/api/" },
    ],
    sidebar: [
      { text: "Guides", items: entries("guides", ["checking", "claims", "compiled", "insight", "filters", "casl", "react", "next", "workers", "node"]) },
      { text: "Reference", items: entries("reference", namesIn("reference")) },
      { text: "Rules", link: "/docs/rules/", items: entries("rules", namesIn("rules")) },
      { text: "Decisions", link: "/docs/adr/", collapsed: true, items: entries("adr", namesIn("adr")) },
      { text: "Benchmark", link: "/docs/benchmark" },
      { text: "API", link: "/docs/api/" },
      { text: "Changelog", link: "/CHANGELOG" },
    ],
  },
});
