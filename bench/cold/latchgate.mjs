import { init, loadPolicy } from "latchgate";

export default async function decide(bytes) {
  await init();
  const user = loadPolicy(bytes).principal("u1");
  return [user.can("order:update"), user.can("order:delete")];
}
