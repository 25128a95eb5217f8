// The glue that wasm-bindgen writes, made smaller: what stands in each function of it once for all, without what no supported runtime
// needs, and with the short names that the optimiser has given to imports and exports.

import { Failure } from "../lib/run.mjs";

/** Spaces and line breaks count as any number of them. */
const pattern = (text) => new RegExp(text.trim().replace(/\s+/g, "\\s+"), "g");

const RULES = [
  // A text is taken over and freed. Decoding does not throw: the decoder is not a fatal one.
  [
    pattern(String.raw`let (deferred\d+)_0; let \1_1; try \{ ((?:(?!finally)[^])*?)\1_0 = ret\[0\]; \1_1 = ret\[1\];
      return getStringFromWasm0\(ret\[0\], ret\[1\]\); \} finally \{ wasm\.__wbindgen_free\(\1_0, \1_1, 1\); \}`),
    (_, _name, body) => `${body}return takeText(ret);`,
  ],
  // Only where the memory is at its end does passing an argument fail; what is lost then is no longer of use.
  [
    pattern(String.raw`let ptr0, len0(?:, ptr\d+, len\d+)*; try \{ ((?:(?:_assertClass[^;]*;|ptr\d+ = [^;]*;|len\d+ = [^;]*;) )+)\} catch \(e\) \{ (?:if \([^)]*\) \{[^}]*\} )*throw e; \}`),
    (_, body) => body.replace(/(ptr\d+|len\d+) = /g, "var $1 = "),
  ],
  [/(passStringToWasm0\(\w+), wasm\.__wbindgen_malloc, wasm\.__wbindgen_realloc\)/g, "$1)"],
  [/(passArray\w+ToWasm0\(\w+), wasm\.__wbindgen_malloc\)/g, "$1)"],
  [
    pattern(String.raw`function passStringToWasm0\(arg, malloc, realloc\) \{ if \(realloc === undefined\) \{[^}]*\}`),
    "function passStringToWasm0(arg) {\nconst malloc = wasm.__wbindgen_malloc, realloc = wasm.__wbindgen_realloc;",
  ],
  [/(function passArray\w+ToWasm0\(arg), malloc\) \{(\s+const ptr = )malloc\(/g, "$1) {$2wasm.__wbindgen_malloc("],
  [
    pattern(String.raw`const (ptr\d+) = passStringToWasm0\(ret\); const (len\d+) = WASM_VECTOR_LEN;
      getDataViewMemory0\(\)\.setInt32\(\(?arg0(?: >>> 0\))? \+ 4 \* 1, \2, true\); getDataViewMemory0\(\)\.setInt32\(\(?arg0(?: >>> 0\))? \+ 4 \* 0, \1, true\);`),
    "putText(arg0, ret);",
  ],
  // Every runtime of ES2022 has it.
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?\n\}\n/g, ""],
  // Runtimes without coders of their own have those of pkg/src/utf8.ts.
  [/new TextDecoder\('utf-8', \{ ignoreBOM: true \}\)/g, "decoder()"],
  [/new TextEncoder\(\)/g, "encoder()"],
  // Kept for no one.
  [/let wasmModule, wasmInstance, wasm;/g, "let wasm;"],
  [/\n +wasm(?:Module|Instance) = \w+;/g, ""],
];

/** What the rules put in place of the repeated. */
const HELPERS = `
function takeText(ret) {
    const text = getStringFromWasm0(ret[0], ret[1]);
    wasm.__wbindgen_free(ret[0], ret[1], 1);
    return text;
}
function putText(at, text) {
    const ptr = passStringToWasm0(text);
    getUint32ArrayMemory0().set([ptr, WASM_VECTOR_LEN], (at >>> 0) / 4);
}
`;

/** The smaller glue. Where wasm-bindgen writes another one some day, this fails rather than leave it as large as it was. */
export function compact(glue) {
  let text = glue;
  for (const [rule, to] of RULES) {
    const before = text;
    text = text.replace(rule, to);
    if (text === before) throw new Failure(`the glue of wasm-bindgen no longer has what ${rule} looks for: see scripts/build/glue.mjs`);
  }
  if (!text.includes("getDataViewMemory0().")) {
    text = text.replace(/let cachedDataViewMemory0 = null;\nfunction getDataViewMemory0\(\) \{[^]*?\n\}\n/, "").replace("cachedDataViewMemory0 = null;", "");
  }
  return `import { decoder, encoder } from "./utf8.js";\n${text}${HELPERS}`;
}

/** The glue with other names of imports and exports, as the optimiser lists them. */
export function rename(glue, { imports, exports }) {
  const names = new Map(exports);
  let text = glue.replace(/\bwasm\.(\w+)/g, (_whole, name) => {
    if (!names.has(name)) throw new Failure(`the core exports no ${name}, which its glue asks for`);
    return `wasm.${names.get(name)}`;
  });
  const modules = new Map();
  for (const [module, name, to] of imports) {
    const before = text;
    // As a key, where the imports are listed.
    text = text.replace(new RegExp(`\\b${name}: function`), `${to}: function`);
    if (text === before) throw new Failure(`the glue has no import ${name}, which the core asks for`);
    modules.set(module, "a");
  }
  for (const [module, to] of modules) text = text.replace(`"${module}": import`, `${to}: import`);
  return text;
}
