// The same types for a CommonJS project.

import latchgate = require("latchgate");
import slim = require("latchgate/slim");

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function expect<T extends true>(): T;

const decision = latchgate.loadPolicy("{}").principal(null).check("a:b");
expect<Equal<typeof decision, latchgate.Decision>>();
expect<Equal<ReturnType<typeof slim.initSync>, void>>();
// @ts-expect-error there is no default export
latchgate.default;
