// Every engine by name: its file, loaded only where it is measured. bench/README.md says what an adapter is.

const files = {
  casl: "casl",
  latchgate: "latchgate",
  "latchgate/casl": "latchgate-casl",
  "hand:bits": "hand-bits",
  accesscontrol: "accesscontrol",
  "easy-rbac": "easy-rbac",
  "@rbac/rbac": "rbac-rbac",
  casbin: "casbin",
  "role-acl": "role-acl",
  oso: "oso",
  "cedar-wasm": "cedar-wasm",
};

export const engineNames = Object.keys(files);

/** Quick enough to be verified on every check, and loaded often, in every run. */
export const FAST = ["casl", "latchgate", "latchgate/casl", "hand:bits"];

export async function adapterOf(name) {
  return (await import(`./${files[name]}.mjs`)).default;
}

/** An engine that has read a workload's document. */
export async function engineOf(name, workload) {
  const adapter = await adapterOf(name);
  await adapter.init?.();
  return adapter.load(adapter.translate ? adapter.translate(workload.document, workload) : workload.document);
}
