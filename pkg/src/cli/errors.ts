// The two ways a command can end badly, and how each is said on stderr: one line, never a stack trace.

import type { LatchgateError } from "./api.js";
import { printable } from "./text.js";

/** Exit codes of every command. A denial is an answer; it differs from "could not answer". */
export const EXIT = { allow: 0, deny: 1, error: 2 } as const;

/** A file or an option that cannot be used. `code` is stable, `path` says where in the file. */
export class CliError extends Error {
  readonly code: string;
  readonly file: string | undefined;
  readonly path: string | undefined;

  constructor(code: string, message: string, place: { file?: string; path?: string } = {}) {
    super(message);
    this.name = "CliError";
    this.code = code;
    this.file = place.file;
    this.path = place.path;
  }
}

/** What went wrong, as plain data: for `--json` output and for the vector runner. */
export interface Problem {
  code: string;
  path?: string;
  file?: string;
  message: string;
}

/** Each entry of the library has a class of its own. */
export const isOfLibrary = (thrown: unknown): thrown is LatchgateError => thrown instanceof Error && thrown.name === "LatchgateError";

/** Turns whatever was thrown into a {@link Problem}; a bug in the command line itself keeps its message only. */
export function problemOf(thrown: unknown, file?: string): Problem {
  const code = thrown instanceof CliError || isOfLibrary(thrown) ? String(thrown.code) : "ERR_INTERNAL";
  const problem: Problem = { code, message: thrown instanceof Error ? thrown.message : String(thrown) };
  const path = (thrown as { path?: unknown } | null)?.path;
  if (typeof path === "string" && path !== "") problem.path = path;
  const where = (thrown instanceof CliError ? thrown.file : undefined) ?? file;
  if (where !== undefined) problem.file = where;
  return problem;
}

/** `error: shop.json: ERR_FIELD_UNKNOWN at $.rolez: unknown field …` */
export function problemLine(problem: Problem): string {
  const file = problem.file === undefined ? "" : `${printable(problem.file)}: `;
  const path = problem.path === undefined ? "" : ` at ${printable(problem.path)}`;
  // The core's sentences end with the place; here it has one of its own, always the same.
  const end = ` at \`${problem.path}\``;
  const message = problem.message.endsWith(end) ? problem.message.slice(0, -end.length) : problem.message;
  return `error: ${file}${problem.code}${path}: ${printable(message)}`;
}
