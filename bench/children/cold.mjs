// W5: import, start and first two decisions of a fresh process, without what Node itself needs to start.

import { readFileSync } from "node:fs";

export default async function measure({ program, data, name }) {
  const bytes = data && readFileSync(data);
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const { default: decide } = await import(`../cold/${program}.mjs`);
  const imported = performance.now();
  const [allowed, denied] = await decide(bytes, name);
  const own = performance.now() - began;
  const cpu = process.cpuUsage(cpuBefore);
  if (allowed !== true || denied !== false) throw new Error(`${program} ${name ?? ""} decides wrongly`);
  return { own, imported: imported - began, cpu: (cpu.user + cpu.system) / 1000 };
}
