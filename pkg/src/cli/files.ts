// Files given on the command line. Every failure names the file and says what to do about it in one sentence.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type LatchgateErrorCode, loadPolicy, type Policy } from "./api.js";
import { EXTENSION } from "./compiled.js";
import { CliError, isOfLibrary } from "./errors.js";
import { decodeUtf8, isObject, parseJson } from "./json.js";

export function readBytes(file: string): Uint8Array {
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
  return parseJson(decodeUtf8(readBytes(file), file), file).value;
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
    throw refusal(thrown, file);
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
  if (!isObject(value)) throw new CliError("ERR_ARGUMENT", `${option} takes a JSON object`, text.startsWith("@") ? { file: text.slice(1) } : {});
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
