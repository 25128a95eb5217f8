// Looks further than the test: `node tests/oracle/hunt.mjs [PROFILE] [seeds] [cases]`, other seeds one after the other, all differences
// shown, each made small.

import { compare, PROFILES } from "./compare.mjs";
import { makeCase } from "./generate/cases.mjs";
import { explain } from "./run.mjs";

const [wanted = Object.keys(PROFILES).join(), seeds = "1-10", cases = "20000"] = process.argv.slice(2);
const [first, last = first] = seeds.split("-").map(Number);
let found = 0;
for (const name of wanted.split(",")) {
  const profile = PROFILES[name]();
  for (let seed = first; seed <= last; seed++) {
    let questions = 0;
    for (let number = 0; number < Number(cases); number++) {
      const one = makeCase(seed, number);
      const compared = compare(profile, one);
      questions += compared.length;
      if (compared.every(({ expected, got }) => expected === got)) continue;
      found++;
      console.log(`${name}, seed ${seed}, case ${number}\n${explain(profile, one)}`);
    }
    console.log(`${name}, seed ${seed}: ${questions} questions`);
  }
}
console.log(`${found} cases differ`);
process.exitCode = found > 0 ? 1 : 0;
