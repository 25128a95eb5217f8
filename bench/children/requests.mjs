// The rules of a request are made, an ability of them is asked once and forgotten. The rules are of the cost: everybody has to make them.

import * as casl from "@casl/ability";
import * as own from "latchgate/casl";
import { interleave } from "../lib/interleave.mjs";

const ENGINES = [
  { name: "casl", library: casl },
  { name: "latchgate/casl", library: own, ours: true },
];

export default async function measure({ rules, timing }) {
  const users = Array.from({ length: 1_000 }, (_, u) => ({ u: `user ${u}`, other: `user ${u + 1}` }));
  const candidates = [];
  const wrong = [];
  for (const { name, library, ours } of ENGINES) {
    const call = (u, other) => {
      const list = Array.from({ length: rules }, (_, at) => ({ action: ["read", "update"], subject: `type ${at}`, conditions: { owner: u } }));
      return library.createMongoAbility(list).can("read", library.subject("type 3", { owner: other ?? u }));
    };
    const failed = users.filter(({ u, other }) => call(u) !== true || call(u, other) !== false);
    if (failed.length > 0) wrong.push({ name, ours, wrong: failed.length, asked: users.length, first: failed[0] });
    else candidates.push({ name, call, fields: ["u"], checks: users });
  }
  return { rules, rows: await interleave(candidates, timing), wrong };
}
