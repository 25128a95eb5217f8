// Which snapshot, and who: in every command by -s and -p, or by the first arguments, in this order. An argument stands for the first of
// them that no option has said; what is left is the command's own.

import type { Command } from "commander";
import type { PrincipalRef } from "./api.js";
import { CliError } from "./errors.js";
import { fileWords, readJson } from "./files.js";
import { isObject } from "./json.js";

export interface SnapshotOption {
  snapshot?: string;
}
export interface PrincipalOption {
  principal?: string;
}

const SNAPSHOT = "the snapshot, as JSON or compiled; - is standard input";
const PRINCIPAL = "an id or alias in the snapshot, or @claims.json for the claims of a verified token (an id that begins with @ is written @@…)";

export const usage = (message: string): CliError => new CliError("ERR_USAGE", message);

/** `[snapshot]`, and `-s`. */
export const withSnapshot = (command: Command, about = SNAPSHOT): Command => command.argument("[snapshot]", about).option("-s, --snapshot <file>", "the same as the argument");

/** `[principal]`, and `-p`. */
export const withPrincipal = (command: Command, about = PRINCIPAL): Command => command.argument("[principal]", about).option("-p, --principal <id>", "the same as the argument");

/** The arguments of a command one by one, less what options have said. */
export class Given {
  readonly #left: string[];

  constructor(args: readonly string[]) {
    this.#left = [...args];
  }

  snapshot({ snapshot }: SnapshotOption): string {
    const given = snapshot ?? this.next();
    if (given === undefined) throw usage("say which snapshot: as the first argument, or with --snapshot FILE");
    return given;
  }

  /** As it was written; nothing where nobody was named. */
  anybody({ principal }: PrincipalOption): string | undefined {
    return principal ?? this.next();
  }

  principal(options: PrincipalOption): string {
    const given = this.anybody(options);
    if (given === undefined) throw usage("say who: an id or @claims.json behind the snapshot, or with --principal ID");
    return given;
  }

  next(): string | undefined {
    return this.#left.shift();
  }

  rest(): string[] {
    return this.#left.splice(0);
  }

  /** Nothing may be left that nobody has looked at. */
  end(): void {
    const [stray] = this.#left;
    if (stray !== undefined) throw usage(`too many arguments: \`${stray}\` is one more than the command takes`);
  }
}

/** Whom a text names: an id, or `@` and a file with the claims of a token. */
export function principalOf(given: string): PrincipalRef {
  if (given.startsWith("@@")) return given.slice(1);
  if (!given.startsWith("@")) return given;
  const file = given.slice(1);
  const claims = readJson(file);
  if (!isObject(claims)) throw new CliError("ERR_ARGUMENT", "claims are a JSON object", { file: fileWords(file) });
  return claims;
}
