// Values that JSON does not have, as a program's records do.

class Money {
  constructor(cents) {
    this.cents = cents;
  }
  get whole() {
    return Math.floor(this.cents / 100);
  }
  valueOf() {
    return this.cents / 100;
  }
}

class Owned {
  #owner;
  constructor(owner) {
    this.#owner = owner;
  }
  get a() {
    return this.#owner;
  }
  get items() {
    return [this.#owner, null];
  }
}

const MAKERS = [
  () => undefined,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => Number.NEGATIVE_INFINITY,
  () => 1e21,
  () => new Date(0),
  () => new Date(2),
  () => new Date("2026-01-02T03:04:05Z"),
  () => new Date(Number.NaN),
  () => 1n,
  () => -2n,
  () => 12345678901234567890n,
  () => ({ toJSON: () => 1 }),
  () => ({ toJSON: () => "a", a: 1 }),
  () => new Money(150),
  () => new Money(200),
  () => new Owned("a"),
  () => new Owned(null),
  () => new Owned(undefined),
  () => Object.freeze({ a: 1, b: Object.freeze(["a", null]) }),
  () => Object.assign(Object.create(null), { a: 1 }),
  () => ({ toString: () => "a" }),
  () => () => 1,
  () => [undefined, 1],
  () => [, "a"],
  () => ({ a: undefined, b: [undefined] }),
];

export const strange = ({ pick }) => pick(MAKERS)();

/** A copy of lists, with what else they bear, and of plain objects; what is neither stays itself. */
export function copied(value) {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy = Array.isArray(value) ? Object.assign([], { length: value.length }) : {};
  for (const [name, inner] of Object.entries(value)) Object.defineProperty(copy, name, { value: copied(inner), enumerable: true, configurable: true, writable: true });
  return copy;
}
