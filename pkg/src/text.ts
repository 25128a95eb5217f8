// Text that UTF-8 can express. Half of a surrogate pair it cannot: an encoder would silently put another name in its place.

const ODD = /\p{Surrogate}|\0/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

export const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);

/** Whether the core takes the text as it is: well formed, and without U+0000. */
export const isPlain = (text: string): boolean => !ODD.test(text);
