// Reading JSON that somebody typed: vector files, records, questions. Snapshots never pass here, the core reads their bytes.
//
// `JSON.parse` silently keeps the last of two equal keys; another reader of the same text may keep the first, so a
// question with two principals is refused. The texts of the top-level values are kept too: an `id` of
// 12345678901234567890 must come back as it was sent, which a JavaScript number cannot do.

import { CliError } from "./errors.js";

export interface ParsedJson {
  value: unknown;
  /** For an object: key → the text of its value, exactly as written. */
  top: Map<string, string>;
}

/** Deeper than any record or rule; keeps the scanner's stack small. */
const MAX_DEPTH = 512;

export function parseJson(text: string, file?: string): ParsedJson {
  const place = file === undefined ? {} : { file };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new CliError("ERR_JSON", `not valid JSON${where((thrown as Error).message)}`, place);
  }
  const scanner = new Scanner(text, place);
  scanner.value("$", 0);
  return { value, top: scanner.top };
}

/** Where it went wrong, without the engine's own words: they differ between versions of Node. */
function where(message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return `, character ${Number(position) + 1}`;
  return message.includes("end of JSON input") ? ": it ends too early" : "";
}

/** Walks text that `JSON.parse` has already accepted, so it only looks for keys and ends, never for mistakes. */
class Scanner {
  readonly top = new Map<string, string>();
  private at = 0;

  constructor(private readonly text: string, private readonly place: { file?: string }) {}

  value(path: string, depth: number): void {
    if (depth > MAX_DEPTH) throw new CliError("ERR_JSON", `nested more than ${MAX_DEPTH} levels deep`, { ...this.place, path: "$" });
    this.blank();
    const first = this.text[this.at];
    if (first === "{") this.object(path, depth);
    else if (first === "[") this.array(path, depth);
    else if (first === '"') this.string();
    else while (this.at < this.text.length && !/[\s,\]}]/.test(this.text[this.at]!)) this.at++;
  }

  private object(path: string, depth: number): void {
    const seen = new Set<string>();
    this.at++;
    for (this.blank(); this.text[this.at] !== "}"; this.blank()) {
      if (this.text[this.at] === ",") this.at++;
      this.blank();
      const key = JSON.parse(this.string()) as string;
      const at = /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
      if (seen.has(key)) throw new CliError("ERR_KEY_DUPLICATE", `the key \`${key}\` stands twice`, { ...this.place, path: at });
      seen.add(key);
      this.blank();
      this.at++; // the colon
      this.blank();
      const start = this.at;
      this.value(at, depth + 1);
      if (depth === 0) this.top.set(key, this.text.slice(start, this.at));
    }
    this.at++;
  }

  private array(path: string, depth: number): void {
    this.at++;
    let index = 0;
    for (this.blank(); this.text[this.at] !== "]"; this.blank()) {
      if (this.text[this.at] === ",") this.at++;
      this.value(`${path}[${index++}]`, depth + 1);
    }
    this.at++;
  }

  private string(): string {
    const start = this.at++;
    while (this.text[this.at] !== '"') this.at += this.text[this.at] === "\\" ? 2 : 1;
    return this.text.slice(start, ++this.at);
  }

  private blank(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }
}

/** Bytes to text; bytes that are not UTF-8 are refused rather than replaced. */
export function decodeUtf8(bytes: Uint8Array, file?: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CliError("ERR_UTF8", "not valid UTF-8", file === undefined ? {} : { file });
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
