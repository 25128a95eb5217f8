// From what lies in a file to something that can be asked, for W4. `open` gives the function that takes the first decision.

import { adapterOf, engineNames } from "./registry.mjs";

/** `file`: which form of the document; `text`: given as a string instead of bytes; `unchecked`: takes no decision to compare. */
const special = {
  "JSON.parse": { file: "snapshot.json", text: true, unchecked: true, ready: async () => (text) => asAnswer(JSON.parse(text)) },
  latchgate: { ours: true, file: "snapshot.json", ready: () => ourLoader("latchgate") },
  "latchgate, compiled": { ours: true, file: "compiled", ready: () => ourLoader("latchgate") },
  "latchgate/reader, compiled": { ours: true, file: "compiled", ready: () => ourLoader("latchgate/reader") },
  "casl, all grants": { file: "facts.json", text: true, unchecked: true, ready: caslWithAllGrants },
};

export const loaderNames = [...Object.keys(special), ...engineNames.filter((name) => !(name in special))];

export const loaderOf = (name) => special[name] ?? { file: "facts.json", text: true, ready: (workload) => peerLoader(name, workload) };

const asAnswer = (value) => () => value.format === 1;

/** Ready means: the module is there and instantiated. What that costs is measured with the cold start. */
async function ourLoader(entry) {
  const { loadPolicy, init } = await import(entry);
  await init?.();
  return (bytes) => {
    const policy = loadPolicy(bytes);
    return ({ u, a, r }) => policy.principal(u).canAny(a, r);
  };
}

async function peerLoader(name, { resources }) {
  const adapter = await adapterOf(name);
  await adapter.init?.();
  return async (text) => {
    const document = JSON.parse(text);
    const engine = await adapter.load(adapter.translate ? adapter.translate(document, { resources }) : document);
    return ({ u, a, r, o }) => engine.check(u, a, r, o);
  };
}

async function caslWithAllGrants() {
  const { loadAll } = await adapterOf("casl");
  return (text) => {
    const ability = loadAll(JSON.parse(text));
    return ({ a, r }) => ability.can(a, r);
  };
}
