// The forms in which WebAssembly reaches us, told apart without `instanceof`: edge runtimes and test frameworks hand
// over modules of another realm, whose constructors are not ours.

import { argumentError } from "./errors.js";

/** What `fetch` resolves to, as far as it is needed here. */
export interface ResponseLike {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The core in any of the forms a runtime has it in: its bytes, a `Response` with them, a compiled `WebAssembly.Module`,
 * or a `WebAssembly.Instance` made with `imports()`. (The last two are typed as `object`, because not every project has
 * the WebAssembly types at hand.)
 */
export type WasmSource = ArrayBuffer | ArrayBufferView | ResponseLike | object;

/** The part of the global `WebAssembly` used here; @types/node and lib.dom disagree on the rest. Some runtimes have none. */
export const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: BufferSource) => object;
    Instance: new (module: object, imports: object) => object;
    compile(bytes: BufferSource): Promise<object>;
    compileStreaming?(response: unknown): Promise<object>;
    instantiate(module: object, imports: object): Promise<object>;
  };
};

type BufferSource = ArrayBuffer | ArrayBufferView;

const tag = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

export const isInstance = (value: unknown): value is object => tag(value) === "WebAssembly.Instance";

export function isBytes(value: unknown): value is BufferSource {
  return ArrayBuffer.isView(value) || tag(value) === "ArrayBuffer" || tag(value) === "SharedArrayBuffer";
}

export function toModuleSync(wasm: WasmSource): object {
  if (tag(wasm) === "WebAssembly.Module") return wasm;
  if (isBytes(wasm)) return new WebAssembly.Module(wasm);
  throw argumentError(`initSync takes the bytes of core.wasm, a WebAssembly.Module or a WebAssembly.Instance, not ${describe(wasm)}`);
}

export async function toModule(wasm: WasmSource): Promise<object> {
  if (tag(wasm) === "WebAssembly.Module") return wasm;
  if (isBytes(wasm)) return WebAssembly.compile(wasm);
  if (tag(wasm) === "Response") return compileResponse(wasm as ResponseLike & { ok?: boolean; status?: number; headers?: { get(name: string): string | null } });
  throw argumentError(`init takes the bytes of core.wasm, a Response, a WebAssembly.Module or a WebAssembly.Instance, not ${describe(wasm)}`);
}

async function compileResponse(response: ResponseLike & { ok?: boolean; status?: number; headers?: { get(name: string): string | null } }): Promise<object> {
  if (response.ok === false) throw argumentError(`core.wasm could not be fetched: the server answered ${response.status}`);
  // Streaming needs the right content type; plenty of servers do not send it.
  const type = response.headers?.get("content-type") ?? "";
  if (WebAssembly.compileStreaming && /^application\/wasm\b/i.test(type)) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

function describe(value: unknown): string {
  return value === null || typeof value !== "object" ? `${value === null ? "null" : typeof value}` : `an object of kind ${tag(value)}`;
}
