// Vector files: reading them, and comparing each expectation with the decision. The printing is in `test.ts`.

import type { Decision, Policy } from "./api.js";
import { CliError, type Problem, problemOf } from "./errors.js";
import { inlineSnapshot, readJson, type SnapshotFolder } from "./files.js";
import { isObject } from "./json.js";
import { questionOf } from "./question.js";

const EXPECTED = ["allow", "deny", "error", "all", "none", "conditions"] as const;

export interface Vector {
  id: string;
  system: string;
  snapshot: string;
  policies?: unknown;
  expected: (typeof EXPECTED)[number];
  code?: string;
  status?: number;
  rule?: string;
  note?: string;
  /** The vector as it stands in the file: what the core is asked comes from here. */
  raw: Record<string, unknown>;
}

export interface Outcome {
  file: string;
  vector: Vector;
  passed: boolean;
  /** The answer in the words of `expected`. */
  got: string;
  /** What differed, one entry for each: `effect`, `code`, `status`. */
  differs: { what: string; expected: unknown; got: unknown }[];
  decision?: Decision;
  /** Set when the snapshot could not be used, so that nothing was decided. */
  problem?: Problem;
}

/** @throws CliError when the file is not a vector file: a typing mistake must not become a test that never ran. */
export function readVectors(file: string): Vector[] {
  const content = readJson(file);
  const bad = (path: string, message: string): CliError => new CliError("ERR_VECTOR", message, { file, path });
  if (!isObject(content)) throw bad("$", "a vector file is an object: {format: 1, vectors: […]}");
  if (content.format !== 1) throw bad("$.format", "only format 1 is known");
  if (!Array.isArray(content.vectors)) throw bad("$.vectors", "a list of vectors is needed");
  const seen = new Set<string>();
  return content.vectors.map((raw: unknown, index) => {
    const path = `$.vectors[${index}]`;
    if (!isObject(raw)) throw bad(path, "a vector is an object");
    for (const key of ["id", "snapshot", "expected"]) {
      if (typeof raw[key] !== "string") throw bad(`${path}.${key}`, `every vector has a string \`${key}\``);
    }
    if (!isObject(raw.ask)) throw bad(`${path}.ask`, "every vector has an object `ask`");
    const vector = { ...raw, system: typeof raw.system === "string" ? raw.system : "unknown", raw } as unknown as Vector;
    if (!EXPECTED.includes(vector.expected)) throw bad(`${path}.expected`, `\`${vector.expected}\` is none of ${EXPECTED.join(", ")}`);
    if ((raw.ask.kind === "filter") !== ["all", "none", "conditions"].includes(vector.expected) && vector.expected !== "error") {
      throw bad(`${path}.expected`, `a question of the kind \`${String(raw.ask.kind)}\` is never answered with \`${vector.expected}\``);
    }
    if (vector.snapshot === "inline" && !Array.isArray(raw.policies)) throw bad(`${path}.policies`, "an inline vector brings a list of rules");
    if (seen.has(vector.id)) throw bad(`${path}.id`, `the id \`${vector.id}\` stands twice`);
    seen.add(vector.id);
    return vector;
  });
}

export function runVector(file: string, vector: Vector, folder: SnapshotFolder): Outcome {
  let own: Policy | undefined;
  try {
    const policy = vector.snapshot === "inline" ? (own = inlineSnapshot(vector.policies)) : folder.get(vector.snapshot);
    return compare(file, vector, policy.decide(questionOf(vector.raw)));
  } catch (thrown) {
    const problem = problemOf(thrown);
    return { file, vector, passed: false, got: problem.code, differs: [{ what: "effect", expected: vector.expected, got: problem.code }], problem };
  } finally {
    own?.free();
  }
}

function compare(file: string, vector: Vector, decision: Decision): Outcome {
  const asked = (vector.raw.ask as Record<string, unknown>).kind === "filter";
  const got = asked && decision.effect !== "error" ? String(decision.filter) : decision.effect;
  const differs: Outcome["differs"] = [];
  if (got !== vector.expected) differs.push({ what: asked ? "filter" : "effect", expected: vector.expected, got });
  if (vector.code !== undefined && vector.code !== decision.code) differs.push({ what: "code", expected: vector.code, got: decision.code });
  if (vector.status !== undefined && vector.status !== decision.status) differs.push({ what: "status", expected: vector.status, got: decision.status });
  return { file, vector, passed: differs.length === 0, got, differs, decision };
}
