// Splits a byte stream into lines without holding more than one of them.

export interface Line {
  number: number;
  /** The line without its end; `null` when it was longer than the limit and has been skipped. */
  bytes: Uint8Array | null;
}

/** A question is a few hundred bytes; a record may be larger. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const LF = 0x0a;

export async function* splitLines(chunks: AsyncIterable<Uint8Array>, maxBytes = MAX_LINE_BYTES): AsyncGenerator<Line[]> {
  let number = 1;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const take = (): Line => {
    const bytes = heldBytes > maxBytes ? null : held.length === 1 ? held[0]! : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return { number: number++, bytes };
  };
  const hold = (part: Uint8Array): void => {
    heldBytes += part.length;
    if (heldBytes > maxBytes) held = [];
    else if (part.length > 0) held.push(part);
  };
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      hold(chunk.subarray(start, end));
      lines.push(take());
      start = end + 1;
    }
    hold(chunk.subarray(start));
    if (lines.length > 0) yield lines; // a whole chunk's lines at once: one write, one wait
  }
  if (heldBytes > 0) yield [take()];
}
