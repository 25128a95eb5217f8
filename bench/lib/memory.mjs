// What a process holds: JavaScript's heap, what hangs on it outside, and WebAssembly memory.

const memories = new Set();

/** Before any module is instantiated: remembers the memories of all instances. */
export function watchWasmMemory() {
  const remember = (instance) => {
    for (const value of Object.values(instance.exports)) if (value instanceof WebAssembly.Memory) memories.add(value);
    return instance;
  };
  const { instantiate } = WebAssembly;
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, { construct: (target, args) => remember(new target(...args)) });
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate.apply(WebAssembly, args);
    remember(made.instance ?? made);
    return made;
  };
}

const wasmBytes = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

/** Node 20 counts WebAssembly memory as `external`; asked of the runtime itself, because nothing promises it. */
const countedAsExternal = (() => {
  const before = process.memoryUsage().external;
  const probe = new WebAssembly.Memory({ initial: 256 });
  return process.memoryUsage().external - before >= probe.buffer.byteLength;
})();

/** Needs `--expose-gc`. Waits in between, because finalizers run between tasks. */
export async function held() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const wasm = wasmBytes();
  const usage = process.memoryUsage();
  const external = countedAsExternal ? usage.external - wasm : usage.external;
  return { js: usage.heapUsed, external, wasm, total: usage.heapUsed + external + wasm, rss: usage.rss };
}

export const difference = (after, before) => Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
