// @casl/react with abilities of latchgate/casl, side by side with @casl/ability: checked with the declarations of all three.

import { AbilityProvider, Can, useAbility } from "@casl/react";
import * as casl from "@casl/ability";
import { AbilityBuilder, createMongoAbility, defineAbility, ForbiddenError, type MongoAbility } from "latchgate/casl";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function expect<T extends true>(): T;

type App = MongoAbility<["read" | "update", "Post" | "all"]>;
const ability = createMongoAbility<App>([{ action: "read", subject: "Post" }]);

AbilityProvider({ value: ability, children: "yes" });
AbilityProvider({ value: createMongoAbility([{ action: "read", subject: "Post" }]), children: "yes" });
AbilityProvider({ value: defineAbility((can) => void can("read", "Post")), children: "yes" });
AbilityProvider({ value: new AbilityBuilder<App>(createMongoAbility).build(), children: "yes" });
expect<Equal<ReturnType<typeof useAbility<App>>, App>>();
Can<App>({ I: "read", a: "Post", children: "yes" });
Can<App>({ do: "update", on: "Post", children: ({ isAllowed, ability: given }) => `${isAllowed} ${given.can("read", "Post")}` });
// @ts-expect-error no such action
Can<App>({ I: "delete", a: "Post", children: "yes" });
// @ts-expect-error no such type
Can<App>({ I: "read", a: "User", children: "yes" });
// @ts-expect-error no ability at all
AbilityProvider({ value: { can: () => true }, children: "yes" });

// What asks for an ability of CASL takes one of ours.
const theirs: casl.AnyAbility = ability;
casl.ForbiddenError.from(ability).throwUnlessCan("read", "Post");
ForbiddenError.from(ability).throwUnlessCan("read", "Post");
expect<Equal<casl.Generics<App>["abilities"], ["read" | "update", "Post" | "all"]>>();
void theirs;
