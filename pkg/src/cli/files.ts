// Files given on the command line. Every failure names the file and says what to do about it in one sentence.

import { existsSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { type LatchgateErrorCode, loadPolicy, type Policy } from "./api.js";
import { EXTENSION } from "./compiled.js";
import { CliError, isOfLibrary } from "./errors.js";
import { decodeUtf8, isObject, parseJson } from "./json.js";

const INPUT = "-";

/** A file as it is named to people. */
export const fileWords = (file: string): string => (file === INPUT ? "(standard input)" : file);

let inputIsRead = false;

/** Says that somebody else reads standard input. */
export function takeInput(): void {
  if (inputIsRead) throw new CliError("ERR_USAGE", "standard input can be read once: `-` stands for one file only");
  inputIsRead = true;
}

/** All of standard input. */
function readInput(): Uint8Array {
  takeInput();
  const chunks: Buffer[] = [];
  const buffer = Buffer.alloc(65_536);
  for (;;) {
    try {
      const read = readSync(0, buffer, 0, buffer.length, null);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(Buffer.from(buffer.subarray(0, read)));
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === "EOF") return Buffer.concat(chunks);
      if (code !== "EAGAIN") throw new CliError("ERR_FILE_READ", `standard input cannot be read (${code ?? "unknown reason"})`);
      // Whoever writes has not written yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** The bytes of a file; `-` is standard input. Some editors put a byte order mark before a text: the core would refuse it, as JSON has none. */
export function readBytes(file: string): Uint8Array {
  const bytes = file === INPUT ? readInput() : readFile(file);
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new CliError("ERR_FILE_NOT_FOUND", "there is no such file", { file });
    if (code === "EISDIR") throw new CliError("ERR_FILE_READ", "this is a folder, a file is needed", { file });
    throw new CliError("ERR_FILE_READ", `the file cannot be read (${code ?? "unknown reason"})`, { file });
  }
}

export function readJson(file: string): unknown {
  const name = fileWords(file);
  return parseJson(decodeUtf8(readBytes(file), name), name).value;
}

/**
 * The raw bytes go to the core as they are: it knows a compiled snapshot from a text, and of a text it refuses duplicate keys and
 * unknown fields, which `JSON.parse` hides.
 */
export function loadSnapshot(file: string): Policy {
  const bytes = readBytes(file);
  try {
    return loadPolicy(bytes);
  } catch (thrown) {
    throw refusal(thrown, fileWords(file));
  }
}

/** What is wrong with a file as a whole, and has no place in it. */
const OF_THE_WHOLE: ReadonlySet<LatchgateErrorCode> = new Set(["ERR_ARGUMENT", "ERR_COMPILED", "ERR_FORMAT_UNKNOWN", "ERR_TOO_LARGE"]);

/** What `loadPolicy` says of a file. */
export function refusal(thrown: unknown, file: string): unknown {
  if (!isOfLibrary(thrown)) return thrown;
  const { code, message, path } = thrown;
  if (path !== "$" || !OF_THE_WHOLE.has(code)) return new CliError(code, message, { file, path });
  return new CliError(code, message.replace(/ at `\$`$/, ""), { file });
}

/** An option that takes JSON in place or `@file`. */
export function jsonOption(text: string, option: string): Record<string, unknown> {
  const value = text.startsWith("@") ? readJson(text.slice(1)) : parseInPlace(text, option);
  if (!isObject(value)) throw new CliError("ERR_ARGUMENT", `${option} takes a JSON object`, text.startsWith("@") ? { file: fileWords(text.slice(1)) } : {});
  return value;
}

function parseInPlace(text: string, option: string): unknown {
  try {
    return parseJson(text).value;
  } catch (thrown) {
    const { code, message, path } = thrown as CliError;
    throw new CliError(code, `${option}: ${message}`, path === undefined ? {} : { path });
  }
}

/**
 * `NAME.json` of one folder, or else the compiled `NAME.lgsn`, each loaded once. A name that does not load keeps its error, so that a stream of
 * questions does not read the same bad file again and again.
 */
export class SnapshotFolder {
  private readonly loaded = new Map<string, { policy: Policy } | { thrown: unknown }>();

  constructor(private readonly folder: string) {
    let isFolder = false;
    try {
      isFolder = statSync(folder).isDirectory();
    } catch {
      // Reported below, in the same words.
    }
    if (!isFolder) throw new CliError("ERR_FILE_NOT_FOUND", "there is no such folder", { file: folder });
  }

  get(name: string): Policy {
    // A name is a file of this folder and nothing else: no separators, no "..".
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.+@-]*$/.test(name)) throw new CliError("ERR_ARGUMENT", `\`${name}\` is not a snapshot's name`);
    let entry = this.loaded.get(name);
    if (entry === undefined) {
      try {
        entry = { policy: loadSnapshot(this.fileOf(name)) };
      } catch (thrown) {
        entry = { thrown };
      }
      this.loaded.set(name, entry);
    }
    if ("thrown" in entry) throw entry.thrown;
    return entry.policy;
  }

  private fileOf(name: string): string {
    const [text, compiled] = [join(this.folder, `${name}.json`), join(this.folder, `${name}${EXTENSION}`)];
    return !existsSync(text) && existsSync(compiled) ? compiled : text;
  }
}

/** The snapshot of a vector that brings its own rules: one role, held by the only user. */
export function inlineSnapshot(policies: unknown): Policy {
  const snapshot = {
    system: "open-archiver",
    payloads: {
      roles: [{ id: "inline", name: "inline", policies }],
      users: [{ id: "u:inline", email: "inline@example.org", roles: ["inline"] }],
    },
  };
  return loadPolicy(new TextEncoder().encode(JSON.stringify(snapshot)));
}
