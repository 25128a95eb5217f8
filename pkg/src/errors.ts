import type { Lint } from "./insight/types.js";

/**
 * The codes of {@link LatchgateError}. Codes are never renamed; the list may grow.
 *
 * Said by the engine: what is wrong with a snapshot, or with the principal or list that was asked for. The last three are
 * said by this package: a freed handle was used, the engine is not loaded yet, or the runtime does not let it run.
 */
export type LatchgateErrorCode =
  | "ERR_ARGUMENT"
  | "ERR_COMPILED"
  | "ERR_CONDITION"
  | "ERR_PATTERN"
  | "ERR_CURSOR_STALE"
  | "ERR_CYCLE"
  | "ERR_FIELD_MISSING"
  | "ERR_FIELD_UNKNOWN"
  | "ERR_FILTER_COLUMN"
  | "ERR_FILTER_OPERATOR"
  | "ERR_FORMAT_UNKNOWN"
  | "ERR_GRANT_DENY"
  | "ERR_ID_DUPLICATE"
  | "ERR_JSON"
  | "ERR_KEY_DUPLICATE"
  | "ERR_LIST_UNKNOWN"
  | "ERR_NUMBER_RANGE"
  | "ERR_PAYLOAD_EMPTY"
  | "ERR_PAYLOAD_UNKNOWN"
  | "ERR_STRICT"
  | "ERR_SYSTEM_UNKNOWN"
  | "ERR_TEXT_NUL"
  | "ERR_TOO_DEEP"
  | "ERR_TOO_LARGE"
  | "ERR_TOO_MANY"
  | "ERR_TYPE"
  | "ERR_VALUE"
  | "ERR_FREED"
  | "ERR_NOT_READY"
  | "ERR_WEBASSEMBLY";

/** What all copies of the class mark their errors with. No JSON has symbols as keys. */
const BRAND = Symbol.for("latchgate.error");

/**
 * What is thrown when a snapshot cannot be loaded, a call is made with arguments that make no sense, or a freed handle
 * is used. Questions never throw because of the data in them: they are answered, if need be with effect `"error"`.
 *
 * Every file of this package has its own copy of this class; `instanceof` knows the errors of all of them, and so does
 * {@link LatchgateError.isLatchgateError}, in whichever realm they were made.
 */
export class LatchgateError extends Error {
  declare readonly name: "LatchgateError";
  /** Stable and made for programs, for example `"ERR_ARGUMENT"`. */
  declare readonly code: LatchgateErrorCode;
  /** Where in the snapshot, for example `"$.payloads.roles[2].id"`; empty where there is no such place. */
  declare readonly path: string;
  /** Only of `"ERR_STRICT"`: everything that was found, in the order of the snapshot. */
  declare readonly lints?: readonly Lint[];

  constructor(code: LatchgateErrorCode, message: string, path = "", options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.path = path;
  }

  /** Whether something is an error of this package, of whichever entry or copy. */
  static isLatchgateError(value: unknown): value is LatchgateError {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  /** `instanceof`, across copies. A class built on this one knows its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === LatchgateError ? LatchgateError.isLatchgateError(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  static {
    Object.defineProperty(this.prototype, BRAND, { value: true });
    // On the prototype and not on each error: the stack's first line is written before any field is set.
    Object.defineProperty(this.prototype, "name", { value: "LatchgateError", configurable: true, writable: true });
    // The built files have short names inside; consoles print the constructor's.
    Object.defineProperty(this, "name", { value: "LatchgateError", configurable: true });
  }
}

/** An argument that no snapshot could make sense of. */
export function argumentError(message: string, cause?: unknown): LatchgateError {
  return new LatchgateError("ERR_ARGUMENT", message, "", cause === undefined ? undefined : { cause });
}

/** A value that cannot be written down, at its place in what was given. */
export class NoWord extends TypeError {
  constructor(
    message: string,
    readonly path: string,
  ) {
    super(`${message} at \`${path}\``);
  }
}

/** The same of an argument that cannot be written down: where, if that is known. `what` is the subject of the sentence. */
export function unwritable(what: string, cause: unknown): LatchgateError {
  const place = cause instanceof NoWord ? cause : undefined;
  const reason = place === undefined ? "" : `: ${place.message}`;
  return new LatchgateError("ERR_ARGUMENT", `${what} cannot be written down${reason}`, place?.path, { cause });
}

/** The core throws code, path and sentence, a line each; callers get the class they can test with `instanceof`. */
export function fromCore(thrown: unknown): unknown {
  if (typeof thrown !== "string") return thrown;
  const [code, path, ...sentence] = thrown.split("\n");
  const message = sentence.join("\n");
  return new LatchgateError(code as LatchgateErrorCode, path === undefined || path === "" ? message : `${message} at \`${path}\``, path);
}
