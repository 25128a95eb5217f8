// What abilities have in common whose rules differ in nothing but their conditions. A program makes an ability for each user or request,
// of the same rules: the core reads those once, and what it says of types is the same for all.

import { RawAbility } from "../core.js";
import { Plan, UNCLEAR } from "../record.js";
import { ask, askAbout, askWith } from "./ask.js";
import { type Constants, STAND_INS } from "./constants.js";
import { Kept } from "./kept.js";
import { MOST_VALUES, type PlainConditions } from "./plain.js";
import { Operands } from "../reads.js";

const NOTHING = new Uint8Array(0);

/** Rules as src/casl/mod.rs reads them. */
export class Words {
  #words = new Uint32Array(512);
  length = 0;
  readonly fields: string[][] = [];

  clear(): void {
    this.length = 0;
    this.fields.length = 0;
  }

  push(word: number): void {
    if (this.length === this.#words.length) {
      const grown = new Uint32Array(2 * this.length);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words[this.length++] = word;
  }

  /** A list of one. */
  one(word: number): void {
    this.push(1);
    this.push(word);
  }

  get hash(): number {
    const words = this.#words;
    let hash = this.fields.length;
    for (let at = 0; at < this.length; at++) hash = Math.imul(hash ^ words[at]!, 0x01000193);
    return hash;
  }

  /** A copy of them. */
  get words(): Uint32Array {
    return this.#words.slice(0, this.length);
  }

  is(words: Uint32Array, fields: readonly string[][]): boolean {
    const { length, fields: own } = this;
    if (words.length !== length || fields.length !== own.length) return false;
    const mine = this.#words;
    for (let at = 0; at < length; at++) if (words[at] !== mine[at]) return false;
    return fields.every((list, at) => {
      const other = own[at]!;
      return list.length === other.length && list.every((field, index) => field === other[index]);
    });
  }
}

/** Plans for conditions of so many shapes. */
const MOST_PLANS = 64;

export class Form {
  readonly #words: Uint32Array;
  readonly #fields: readonly string[][];
  readonly #anyAction: number;
  readonly #anyType: number;
  readonly #constants: Constants;
  #kept: Kept | undefined;
  /** By the number of a question about a type. */
  answers = NOTHING;
  readonly #possible = new Map<number, Uint32Array>();
  readonly #unread = new Map<number, Uint32Array>();
  /** By question and shape of the conditions; nothing where no plan can tell. */
  readonly #plans = new Map<string, Plan | undefined>();

  constructor(words: Words, anyAction: number, anyType: number, constants: Constants) {
    this.#words = words.words;
    // A copy, as the words are: the next rules are written down in the same place.
    this.#fields = words.fields.slice();
    this.#anyAction = anyAction;
    this.#anyType = anyType;
    this.#constants = constants;
  }

  /** Whether these are its rules. */
  is(words: Words, anyAction: number, anyType: number): boolean {
    return anyAction === this.#anyAction && anyType === this.#anyType && words.is(this.#words, this.#fields);
  }

  get size(): number {
    return this.#words.length;
  }

  /** The core's part, made when something is first asked. */
  get kept(): Kept {
    return this.#kept === undefined || this.#kept.isGone ? this.#make() : this.#kept;
  }

  get core(): RawAbility {
    return this.kept.raw;
  }

  #make(): Kept {
    const make = (text: Uint8Array, nodes: Uint32Array): RawAbility => new RawAbility(this.#words, text, nodes, this.#anyAction, this.#anyType);
    const raw = this.#fields.length > 0 ? askAbout(this.#fields, make) : ask(() => make(NOTHING, new Uint32Array(0)));
    this.#plans.clear();
    return (this.#kept = new Kept(raw, this.size, this.#constants));
  }

  /** For the conditions of one ability. */
  alike(): Kept {
    return new Kept(
      ask(() => this.core.alike()),
      this.size / 4,
      this.#constants,
    );
  }

  /** The plan for a question where these are the conditions of the rules that have some, whatever their values. */
  plan(question: number, action: number, type: number, rules: Uint32Array, conditions: PlainConditions): Plan | undefined {
    if (question < 0 || conditions.values.length > MOST_VALUES) return undefined;
    const kept = this.kept;
    const key = `${question} ${conditions.shape}`;
    if (this.#plans.has(key)) return this.#plans.get(key);
    if (this.#plans.size >= MOST_PLANS) return undefined;
    const plan = kept.hold(() => this.#planned(kept, action, type, rules, conditions));
    this.#plans.set(key, plan);
    return plan;
  }

  #planned(kept: Kept, action: number, type: number, rules: Uint32Array, conditions: PlainConditions): Plan | undefined {
    const constants = this.#constants;
    const operands = new Operands();
    conditions.with(STAND_INS).forEach((condition, at) => askWith(condition, operands, (text, nodes) => kept.raw.give(rules[at]!, text, nodes)));
    const broken = ask(() => kept.raw.unread(action, type, false)).length > 0;
    const number = broken ? UNCLEAR : ask(() => kept.raw.plan(constants.raw, action, type));
    ask(() => kept.raw.forget());
    kept.grow(conditions.shape.length);
    return number === UNCLEAR ? undefined : new Plan(kept.raw, constants, number, false);
  }

  /** Whether an action may be done to a type, by the number of the question if it has one; kept in `answers`. */
  may(question: number, action: number, type: number): number {
    const known = this.answers[question];
    if (known !== undefined && known > 0) return known;
    // One more than the core's: 0 is for what is not known.
    const answer = ask(() => this.core.may(action, type)) + 1;
    if (question < 0) return answer;
    if (question >= this.answers.length) {
      const grown = new Uint8Array(Math.max(64, 2 * question));
      grown.set(this.answers);
      this.answers = grown;
    }
    return (this.answers[question] = answer);
  }

  /** The places of the rules on an action and a type, highest first. */
  possible(question: number, action: number, type: number): Uint32Array {
    return known(this.#possible, question, () => this.core.possible(action, type));
  }

  /** Those of them whose conditions have to be known. */
  unread(question: number, action: number, type: number, isType: boolean): Uint32Array {
    return known(this.#unread, question < 0 ? question : 2 * question + (isType ? 1 : 0), () => this.core.unread(action, type, isType));
  }
}

/** What the core says to a question, kept where the question has a number. */
function known(answers: Map<number, Uint32Array>, question: number, call: () => Uint32Array): Uint32Array {
  let answer = answers.get(question);
  if (answer === undefined) {
    answer = ask(call);
    if (question >= 0) answers.set(question, answer);
  }
  return answer;
}

/** So many words of rules are kept to be found again. */
const MOST_WORDS = 1 << 18;

/** The forms of a time, by a hash of their rules. */
export class Forms {
  readonly #known = new Map<number, Form>();
  readonly #constants: Constants;
  #size = 0;

  constructor(constants: Constants) {
    this.#constants = constants;
  }

  /** The form of these rules. */
  of(words: Words, anyAction: number, anyType: number): Form {
    const { hash } = words;
    const known = this.#known.get(hash);
    if (known?.is(words, anyAction, anyType)) return known;
    const form = new Form(words, anyAction, anyType, this.#constants);
    if (this.#size + form.size > MOST_WORDS) {
      this.#known.clear();
      this.#size = 0;
    }
    // Two of one hash take turns.
    this.#size += form.size;
    this.#known.set(hash, form);
    return form;
  }
}
