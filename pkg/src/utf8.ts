// UTF-8 by the runtime's own coders; by hand where it has none, as in tests under jsdom.

class Utf8 {
  encode(text: string): Uint8Array {
    const bytes = new Uint8Array(text.length * 3);
    return bytes.subarray(0, this.encodeInto(text, bytes).written);
  }

  encodeInto(text: string, into: Uint8Array): { written: number } {
    let at = 0;
    for (const character of text) {
      const point = character.codePointAt(0)!;
      // As the runtimes' own do with half of a surrogate pair.
      const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
      if (code < 0x80) into[at++] = code;
      else {
        const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        into[at++] = [0, 0xc0, 0xe0, 0xf0][more]! | (code >> (6 * more));
        for (let left = more - 1; left >= 0; left--) into[at++] = 0x80 | ((code >> (6 * left)) & 0x3f);
      }
    }
    return { written: at };
  }

  /** Of what the core wrote: always whole characters. */
  decode(bytes: Uint8Array = new Uint8Array(0)): string {
    let text = "";
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at++]!;
      const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
      let code = more === 0 ? first : first & (0x3f >> more);
      for (let left = more; left > 0; left--) code = (code << 6) | (bytes[at++]! & 0x3f);
      text += String.fromCodePoint(code);
    }
    return text;
  }
}

/** What is needed of the runtime's own. */
export interface TextCoder {
  encode(text: string): Uint8Array;
  encodeInto(text: string, into: Uint8Array): { written: number };
}

export const encoder = (): TextCoder => (typeof TextEncoder === "undefined" ? new Utf8() : new TextEncoder());
export const decoder = (): { decode(bytes?: Uint8Array): string } => (typeof TextDecoder === "undefined" ? new Utf8() : new TextDecoder("utf-8", { ignoreBOM: true }));
