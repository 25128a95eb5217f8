import { createMongoAbility } from "@casl/ability";

export default function decide() {
  const ability = createMongoAbility([{ action: "read", subject: "order" }, { action: "update", subject: "order" }]);
  return [ability.can("update", "order"), ability.can("delete", "order")];
}
