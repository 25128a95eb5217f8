// What a compiled snapshot says of itself in its first words, for `show` and `compile`. The core alone decides whether a file is a
// sound one; here only files are looked into that it has opened. The layout: src/compiled/layout.rs.

/** How a compiled snapshot is named where nobody names it. */
export const EXTENSION = ".lgsn";

/** The sections, in the order of the file. */
const SECTIONS = [
  "head", "text places", "texts", "text index", "action patterns", "resource patterns", "resource links", "pattern pairs", "holders", "entries", "grants",
  "terms", "principals", "ids", "roles", "groups", "tenants", "permissions", "registry", "requests", "warnings", "lists and values",
];
const FIRST_SECTION = 12 + 4 * SECTIONS.length;
/** In the head: what kind of file it is, and the bit for one that was cut out for one principal. */
const FLAGS = 5;
const SLICE = 16;

export interface CompiledFacts {
  format: number;
  bytes: number;
  /** Only what one principal needs, rather than the whole snapshot. */
  slice: boolean;
  /** Bytes of each section that has any. */
  sections: Record<string, number>;
}

/** No JSON text begins so. */
export function isCompiled(bytes: Uint8Array): boolean {
  return [0x4c, 0x47, 0x53, 0x4e].every((byte, at) => bytes[at] === byte);
}

/** Of a file that the core has opened. */
export function compiledFacts(bytes: Uint8Array): CompiledFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => view.getUint32(at, true);
  const sections = SECTIONS.map((name, at): [string, number] => [name, word(12 + 4 * at)]);
  return {
    format: word(4),
    bytes: bytes.length,
    slice: (word(FIRST_SECTION + 4 * FLAGS) & SLICE) !== 0,
    sections: Object.fromEntries(sections.filter(([, length]) => length > 0)),
  };
}

/** `512 bytes`, `12.3 KB`, `4.0 MB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
