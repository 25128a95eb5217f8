// Where the WebAssembly module comes from, and the one moment it is instantiated. An entry file calls `provide`; nothing
// is compiled until the first `loadPolicy` or `init`, so that importing the package costs next to nothing and a runtime
// that forbids compiling at import time fails, if at all, in a call that can be caught.

import { attach, imports } from "./core.js";
import { LatchgateError } from "./errors.js";
import { isInstance, toModule, toModuleSync, WebAssembly, type WasmSource } from "./wasm.js";

let source: (() => WasmSource) | undefined;
let ready = false;
let pending: Promise<void> | undefined;

/** Says where the module can be had, without fetching or compiling it. */
export function provide(from: () => WasmSource): void {
  source = from;
}

/** The module as the entry file has it. */
export function provided(): WasmSource {
  return source!();
}

/** Instantiates the core now; does nothing when that has happened. */
export function start(wasm?: WasmSource): void {
  if (ready) return;
  const given = wasm ?? source?.();
  if (given === undefined) {
    throw new LatchgateError("ERR_NOT_READY", "the WebAssembly core is not loaded yet: call `init(wasm)` or `initSync(wasm)` of latchgate/slim first");
  }
  if (isInstance(given)) return connect(given);
  mustHaveWebAssembly();
  let module: object;
  try {
    module = toModuleSync(given);
  } catch (cause) {
    // Some browsers refuse to compile more than a few kilobytes on the main thread without a promise.
    if (!(cause instanceof RangeError)) throw refused(cause);
    throw new LatchgateError("ERR_NOT_READY", "this browser compiles WebAssembly only asynchronously: `await init()` once before loadPolicy", "", { cause });
  }
  try {
    connect(new WebAssembly.Instance(module, imports()));
  } catch (cause) {
    throw refused(cause);
  }
}

/** The same without blocking. Calls that overlap share one instance; a failure can be retried. */
export function startAsync(given: () => WasmSource | PromiseLike<WasmSource>): Promise<void> {
  if (ready) return Promise.resolve();
  pending ??= instantiate(given).finally(() => {
    pending = undefined;
  });
  return pending;
}

async function instantiate(given: () => WasmSource | PromiseLike<WasmSource>): Promise<void> {
  const wasm = await given();
  if (isInstance(wasm)) return connect(wasm);
  mustHaveWebAssembly();
  try {
    const module = await toModule(wasm);
    connect(await WebAssembly.instantiate(module, imports()));
  } catch (cause) {
    throw refused(cause);
  }
}

function mustHaveWebAssembly(): void {
  if (WebAssembly !== undefined) return;
  throw new LatchgateError("ERR_WEBASSEMBLY", "this runtime has no WebAssembly, in which every decision is made (React Native's Hermes, browsers in lockdown mode): ask your server there");
}

/** What a runtime says that compiles no WebAssembly, or not this one. What is ours stays as it is. */
function refused(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof LatchgateError) return cause;
  const advice = /unsafe-eval|content.security.policy|\bcsp\b|embedder/i.test(cause.message)
    ? "the page's Content-Security-Policy does not let WebAssembly be compiled: add 'wasm-unsafe-eval' to its script-src ('unsafe-eval' is not needed)"
    : "the WebAssembly of latchgate cannot be compiled here";
  return new LatchgateError("ERR_WEBASSEMBLY", advice, "", { cause });
}

function connect(instance: object): void {
  // A synchronous start may have overtaken an asynchronous one: handles of the first instance must stay valid.
  if (ready) return;
  attach(instance);
  ready = true;
}
