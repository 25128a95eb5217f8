// The two oracles, side by side: CASL as profile `casl@7` has to be, and CASL as Open Archiver's server runs it. Which ucast a
// version of CASL meets decides as much as CASL's own version does, so what was resolved is looked at before it is asked.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

const WANTED = {
  7: { name: "casl-7", from: here, versions: { "casl-7": "7.0.1", "@ucast/core": "2.0.0", "@ucast/js": "4.0.1", "@ucast/mongo": "3.0.0", "@ucast/mongo2js": "2.0.0" } },
  6: {
    name: "casl-6",
    from: join(here, "casl6"),
    versions: { "casl-6": "6.7.3", "@ucast/core": "1.10.2", "@ucast/js": "3.0.4", "@ucast/mongo": "2.4.3", "@ucast/mongo2js": "1.4.0" },
  },
};

/** CASL of that major version, as the program that pins it would get it; throws when any part has another version. */
export function oracle(major) {
  const { name, from, versions } = WANTED[major];
  const ability = packageOf(name, from);
  // Each package is looked for where the one that wants it looks.
  const places = { [name]: ability };
  places["@ucast/mongo2js"] = packageOf("@ucast/mongo2js", ability);
  for (const part of ["@ucast/core", "@ucast/js", "@ucast/mongo"]) places[part] = packageOf(part, places["@ucast/mongo2js"]);
  // These have a look at @ucast/core of their own.
  for (const part of ["@ucast/js", "@ucast/mongo"]) mustBe("@ucast/core", packageOf("@ucast/core", places[part]), versions["@ucast/core"]);
  for (const [part, version] of Object.entries(versions)) mustBe(part, places[part], version);
  const require = createRequire(join(from, "package.json"));
  return { major, versions, ...require(name), extra: require(`${name}/extra`) };
}

function mustBe(name, place, version) {
  const found = JSON.parse(readFileSync(join(place, "package.json"), "utf8")).version;
  if (found !== version) throw new Error(`the oracle wants ${name} ${version}, resolved is ${found}`);
}

/** Its folder, found as Node finds it. */
function packageOf(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return place;
    if (dirname(folder) === folder) throw new Error(`the oracle wants ${name}, which is not installed`);
  }
}
