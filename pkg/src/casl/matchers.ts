// The matchers that abilities are given by default. Both decide in the core; what is built of operators of one's own decides in ucast,
// since functions cannot cross.

import {
  $all, $elemMatch, $eq, $exists, $gt, $gte, $in, $lt, $lte, $ne, $nin, $options, $regex, $size,
  all, and, createFactory, elemMatch, eq, exists, gt, gte, lt, lte, MongoQueryParser, ne, nin, regex, size, within,
  type Condition,
} from "@ucast/mongo2js";
import { RawCondition, RawFields } from "../core.js";
import { Operands, Reading, Reads } from "../reads.js";
import { ask, askAbout, askWith, plainField } from "./ask.js";
import type { ConditionsMatcher, FieldMatcher, MatchConditions, MongoQuery } from "./types.js";

const instructions = { $eq, $ne, $lt, $lte, $gt, $gte, $in, $nin, $all, $size, $regex, $options, $elemMatch, $exists };
const interpreters = { eq, ne, lt, lte, gt, gte, in: within, nin, all, size, regex, elemMatch, exists, and };

let parser: MongoQueryParser | undefined;

/** Conditions as ucast's tree, for translators and `rule.ast`. Throws where CASL does. Nothing is decided by it. */
export function parse(conditions: unknown): Condition {
  parser ??= new MongoQueryParser(instructions);
  return parser.parse(conditions as never);
}

let interpreter: ReturnType<typeof createFactory> | undefined;

/** The error for conditions at which the core says that CASL throws: ucast's own, or the record's, where going through them makes one. */
export function failure(conditions: unknown, sentence: string, ...records: unknown[]): Error {
  interpreter ??= createFactory(instructions, interpreters);
  try {
    const matches = interpreter(conditions as never);
    for (const record of records) matches(record as never);
  } catch (error) {
    return error as Error;
  }
  return new TypeError(sentence);
}

const FAILS = 0;
const HOLDS = 1;

/** Conditions in MongoDB's language, as far as CASL knows it. The core decides whether an object meets them. */
export const mongoQueryMatcher: ConditionsMatcher<MongoQuery> = (conditions) => {
  const ast = parse(conditions);
  const operands = new Operands();
  const raw = askWith(conditions, operands, (text, nodes) => new RawCondition(text, nodes));
  const reads = new Reads(raw.reads());
  const broken = raw.sentence();
  if (broken !== "") throw failure(conditions, broken);
  const matches = (object: object): boolean => {
    const held = askAbout(new Reading(object, reads, operands), (text, nodes) => raw.holds(text, nodes));
    if (held > HOLDS) throw failure(conditions, raw.sentence(), object);
    return held !== FAILS;
  };
  return Object.defineProperties(matches, { ast: { value: ast }, matchesAll: { value: raw.is_empty() } }) as MatchConditions;
};

type Factory = Partial<Parameters<typeof createFactory>>;

/**
 * A matcher with operators of one's own, as ucast takes them. Its functions cannot cross into the core, so ucast interprets all its
 * conditions; without any it is {@link mongoQueryMatcher}.
 */
export function buildMongoQueryMatcher(...[own, interpret, options]: Factory): ConditionsMatcher<MongoQuery> {
  if (own === undefined && interpret === undefined && options === undefined) return mongoQueryMatcher;
  return createFactory({ ...instructions, ...own }, { ...interpreters, ...interpret }, options) as ConditionsMatcher<MongoQuery>;
}

/** Lists of fields with patterns: `*` for one level, `**` for any (casl 1.6). */
export const fieldPatternMatcher: FieldMatcher = (fields) => {
  let raw: RawFields | undefined;
  let isPattern: boolean | undefined;
  return (field) => {
    isPattern ??= fields.some((one) => one.indexOf("*") >= 0);
    if (isPattern && fields.some((one) => typeof one !== "string")) throw new TypeError("a pattern of fields is no text");
    // A pattern takes anything for its text.
    const asked = isPattern ? `${field}` : field;
    if (typeof asked !== "string") return fields.includes(asked);
    raw ??= askAbout(fields, (text, nodes) => new RawFields(text, nodes));
    return ask(() => raw!.matches(plainField(asked)));
  };
};
