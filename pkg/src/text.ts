// Text that UTF-8 can express. Half of a surrogate pair it cannot: an encoder would silently put another name in its place.

const LONE_SURROGATE = /\p{Surrogate}/u;
const { isWellFormed: builtIn } = String.prototype as { isWellFormed?: (this: string) => boolean };

/** The engine's own where it has one: it need not look at text of one byte a character. */
export const isWellFormed: (text: string) => boolean = builtIn === undefined ? (text) => !LONE_SURROGATE.test(text) : (text) => builtIn.call(text);

/** Whether the core takes the text as it is: well formed, and without U+0000. */
export const isPlain = (text: string): boolean => isWellFormed(text) && !text.includes("\0");
