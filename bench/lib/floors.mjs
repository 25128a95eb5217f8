// What no design can be quicker than, on this machine: looking names up, testing a bit, crossing into WebAssembly.

import { literal } from "../workloads/names.mjs";
import { holds } from "../workloads/reference.mjs";

// (module (func (export "noop") (param i32 i32) (result i32) i32.const 1)), assembled by hand.
const MODULE = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic number, version 1
  0x01, 0x07, 0x01, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7f, // types: one, (i32, i32) → i32
  0x03, 0x02, 0x01, 0x00, // functions: one, of that type
  0x07, 0x08, 0x01, 0x04, 0x6e, 0x6f, 0x6f, 0x70, 0x00, 0x00, // exports: "noop", function 0
  0x0a, 0x06, 0x01, 0x04, 0x00, 0x41, 0x01, 0x0b, // code: no locals, i32.const 1, end
);

/** Candidates over the checks of W1; their tables are made for its one user. */
export function floors({ document, actions, resources, checks }) {
  const user = checks[0].u;
  const width = actions.length;
  const actionIds = new Map(actions.map((name, i) => [name, i]));
  const resourceIds = new Map(resources.map((name, i) => [name, i]));
  const bits = new Uint32Array(((width * resources.length) >> 5) + 1);
  const textIds = new Map();
  const grants = document.users[user].flatMap((role) => document.roles[role]);
  for (const [resource, row] of resourceIds) {
    for (const [action, column] of actionIds) {
      const at = row * width + column;
      textIds.set(literal(`${resource}:${action}`), at);
      if (grants.some((grant) => (grant.a === "*" || grant.a === action) && (grant.r === "*" || grant.r === resource) && holds(grant.c))) bits[at >> 5] |= 1 << (at & 31);
    }
  }
  const asked = (fields) => checks.map(fields);
  const names = asked(({ a, r, e }) => ({ a, r, e }));
  const texts = asked(({ a, r, e }) => ({ text: literal(`${r}:${a}`), e }));
  const numbers = asked(({ a, r, e }) => ({ id: textIds.get(`${r}:${a}`), e }));
  const pairs = asked(({ a, r, e }) => ({ action: actionIds.get(a), resource: resourceIds.get(r), e }));
  const { noop } = new WebAssembly.Instance(new WebAssembly.Module(MODULE)).exports;
  const bit = (at) => ((bits[at >> 5] >>> (at & 31)) & 1) === 1;
  return [
    { name: "floor: empty loop", call: () => true, fields: ["a", "r"], checks: names, answer: undefined },
    { name: "floor: bit by number", call: (at) => ((bits[at >> 5] >>> (at & 31)) & 1) === 1, fields: ["id"], checks: numbers },
    { name: "floor: empty wasm call", call: (action, resource) => noop(action, resource) === 1, fields: ["action", "resource"], checks: pairs, answer: undefined },
    { name: "floor: Map.get + bit", call: (text) => bit(textIds.get(text)), fields: ["text"], checks: texts },
    { name: "floor: 2 × Map.get + bit", call: (action, resource) => bit(resourceIds.get(resource) * width + actionIds.get(action)), fields: ["a", "r"], checks: names },
  ];
}
