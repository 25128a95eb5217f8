// The façade of CASL, as a program annotated for @casl/ability uses it.

import { AbilityBuilder, createMongoAbility, defineAbility, ForbiddenError, subject, trustedSubjectType } from "latchgate/casl";
import type { InferSubjects, MongoAbility, MongoQuery, RawRuleOf } from "latchgate/casl";
import { packRules, permittedFieldsOf, rulesToAST } from "latchgate/casl/extra";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function expect<T extends true>(): T;

interface Post {
  kind: "Post";
  id: number;
}
type AppAbility = MongoAbility<["read" | "update", InferSubjects<Post> | "all"]>;

const ability = createMongoAbility<AppAbility>([{ action: "read", subject: "Post", conditions: { id: 1 } }], { detectSubjectType: (post) => post.kind });
expect<Equal<typeof ability, AppAbility>>();
expect<Equal<ReturnType<typeof ability.can>, boolean>>();
ability.can("read", "Post");
ability.can("update", { kind: "Post", id: 1 }, "id");
// @ts-expect-error no such action
ability.can("delete", "Post");
// @ts-expect-error no such type
ability.can("read", "User");
// @ts-expect-error only types
ability.rulesFor("read", { kind: "Post", id: 1 });

const { can, build } = new AbilityBuilder<AppAbility>(createMongoAbility);
can("read", "Post", { id: { $gt: 1 } });
// @ts-expect-error no such field
can("read", "Post", { title: "x" });
expect<Equal<ReturnType<typeof build>, AppAbility>>();

const defined = defineAbility((allow) => void allow("read", "Post"));
expect<Equal<typeof defined, MongoAbility>>();
const rules: RawRuleOf<AppAbility>[] = ability.rules;
packRules(rules);
permittedFieldsOf(ability, "read", "Post", { fieldsFrom: (rule) => rule.fields || [] });
rulesToAST(ability, "read", "Post");
ForbiddenError.from(ability).throwUnlessCan("read", "Post");
const query: MongoQuery<Post> = { id: { $in: [1] } };
expect<Equal<(typeof query)["id"] extends undefined ? true : false, false>>();
createMongoAbility([], { detectSubjectType: trustedSubjectType });
expect<Equal<ReturnType<typeof subject<"Post", { id: number }>>["__caslSubjectType__"], "Post">>();
