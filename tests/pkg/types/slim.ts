// The entry whose caller brings the WebAssembly.

import { imports, init, initSync, loadPolicy } from "latchgate/slim";
import type { Policy, WasmSource } from "latchgate/slim";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function expect<T extends true>(): T;

declare const response: { arrayBuffer(): Promise<ArrayBuffer> };
declare const source: WasmSource;
expect<Equal<ReturnType<typeof init>, Promise<void>>>();
expect<Equal<ReturnType<typeof initSync>, void>>();
init(new Uint8Array(8));
init(Promise.resolve(response));
init(source);
initSync(new ArrayBuffer(8));
imports();
// @ts-expect-error the place of a file is no file: fetch or read it first
init("core.wasm");
// @ts-expect-error without the WebAssembly there is nothing to start
initSync();
const policy: Policy<"a"> = loadPolicy<"a">("{}");
// @ts-expect-error narrowed
policy.principal(null).can("b");
