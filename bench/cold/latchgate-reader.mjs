import * as reader from "latchgate/reader";

export default async function decide(bytes) {
  await reader.init?.();
  const user = reader.loadPolicy(bytes).principal("u1");
  return [user.can("order:update"), user.can("order:delete")];
}
