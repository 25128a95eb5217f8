// The same types for a CommonJS project.

import latchgate = require("latchgate");
import slim = require("latchgate/slim");
import casl = require("latchgate/casl");
import insight = require("latchgate/insight");

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function expect<T extends true>(): T;

const decision = latchgate.loadPolicy("{}").principal(null).check("a:b");
expect<Equal<typeof decision, latchgate.Decision>>();
expect<Equal<ReturnType<typeof slim.initSync>, void>>();
expect<Equal<ReturnType<typeof insight.lint>, insight.Lint[]>>();
const ability = casl.defineAbility((can) => can("read", "Post"));
expect<Equal<ReturnType<typeof ability.can>, boolean>>();
// @ts-expect-error there is no default export
latchgate.default;
