// What JavaScript makes of text, numbers and patterns, recorded for the native build: src/value/host.rs is tested with the same table.
// Here Node says whether the table is still what it says. `LATCHGATE_RECORD=1 node --test tests/pkg/javascript.test.mjs` writes it anew.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

const file = new URL("../fixtures/javascript.json", import.meta.url);

const NUMBERS = [
  ..."|0|-0|1|+1|-1|01|1.|.5|.|-.5|+.5e1|1e1|1E+2|1e-2|1e|e1|1e1.5|0x10|0XfF|0x|-0x10|0o17|0O7|0o8|0b11|0B2|0b|Infinity|+Infinity|-Infinity|infinity|INFINITY|inf|Inf|NaN|nan|1_000|1,000|1 2|--1|+-1|1n|0x1.8|1e999|-1e999|1e-999|9007199254740993|0.1|123456789012345678901234567890|4.9e-324|2.4e-324|1.7976931348623159e308|null|true|[]|0x1fffffffffffff|0x20000000000001|0xffffffffffffffff01|٣|１".split("|"),
  ...[" 3 ", "\t\n\r\v\f3", "\u00a03\u00a0", "\ufeff3\ufeff", "\u20283\u2029", "\u30003", "\u16803", "\u180e3", "\u200b3", "\u00853", " ", "\u00a0", "\u0085", "3\0", "1 ", "- 1", "\ud83d\ude00"],
];

const TEXTS = [
  0, -0, 1, -1, 0.1, -1.5, 1e20, 1e21, -1e21, 123456789012345680000, 1.5e300, 1e-6, 1e-7, -1.5e-7, 0.000001234, 1.234e-7, 5e-324, 1.7976931348623157e308, 2 ** 53, 2 ** 53 + 2, 1 / 3, 100, 1e2,
  12345.678, 4294967296, 0.1 + 0.2, 1e100, 9.999999999999999e20, 1.0000000000000001e21, 0.00001, 123e-20,
];

const ORDERS = [
  ["a", "b"], ["b", "a"], ["a", "a"], ["", "a"], ["a", "A"], ["10", "9"], ["a", "aa"], ["\u{10000}", "\uff61"], ["\uff61", "\u{10000}"], ["\ue000", "\u{1f600}"], ["é", "z"], ["e\u0301", "é"], ["Z", "a"], ["\u{1f600}", "\u{1f601}"], ["ä", "\u{10ffff}"],
];

const LOWER = ["ABC", "ÄÖÜ", "İ", "ΑΣ", "ΑΣΑ", "ẞ", "\u212a", "Ǆ", "\u{10400}", "Σ", " Σ", "A\u0301", "ꙀꙂ", "123"];

/** Pattern, flags, texts. */
const PATTERNS = [
  ["", "", ["", "a"]],
  ["a", "", ["a", "A", "ba", ""]],
  ["a", "i", ["A", "b"]],
  ["^a$", "", ["a", "a\n", "\na", "aa"]],
  ["^a$", "m", ["b\na", "a\r", "a\u2028", "ab"]],
  ["^.$", "", ["a", "\u{1f600}", "\n", "\r", "\u2028", "\u2029", "\u0085", ""]],
  ["^.$", "s", ["\n", "\u2028", "\u{1f600}"]],
  ["^.$", "u", ["\u{1f600}", "\n", "ab"]],
  ["^..$", "", ["\u{1f600}", "ab"]],
  ["^[^a]$", "", ["\u{1f600}", "b"]],
  ["^[^a]$", "u", ["\u{1f600}", "a"]],
  ["^[\u{1f600}-\u{1f610}]$", "u", ["\u{1f601}", "a"]],
  ["^\u{1f600}$", "", ["\u{1f600}", "\u{1f601}"]],
  ["^\\u{61}$", "", ["a", "u".repeat(61), "u{61}"]],
  ["^\\u{61}$", "u", ["a", "u{61}"]],
  ["\\ud83d", "", ["\u{1f600}", "a"]],
  ["\\ud83d", "u", ["\u{1f600}", "a"]],
  ["\\w", "", ["a", "ä", "_", "-", "\u017f", "\u212a"]],
  ["\\w", "iu", ["\u017f", "\u212a", "ä"]],
  ["\\W", "iu", ["\u017f", "s", "-"]],
  ["\\d", "", ["1", "٣", "a"]],
  ["\\s", "", [" ", "\u00a0", "\ufeff", "\u0085", "\u180e", "\u200b", "\u2028"]],
  ["\\bä", "", ["ä", "aä"]],
  ["a\\b", "", ["a", "aä", "ab"]],
  ["k", "i", ["\u212a", "K"]],
  ["k", "iu", ["\u212a", "K"]],
  ["ß", "i", ["ẞ", "SS", "ß"]],
  ["ß", "iu", ["ẞ", "SS", "ß"]],
  ["σ", "i", ["Σ", "ς"]],
  ["[a-z]", "i", ["K", "\u212a", "\u017f"]],
  ["[^x]", "i", ["X", "x", "y"]],
  ["(?=ab)a", "", ["ab", "ac"]],
  ["a(?!b)", "", ["ab", "ac", "a"]],
  ["(?<=a)b", "", ["ab", "b"]],
  ["(?<!a)b", "", ["ab", "b"]],
  ["(?<n>a)\\k<n>", "", ["aa", "a"]],
  ["(a)|b\\1", "", ["b", "a"]],
  ["(?:a|ab)(?:c|bcd)(?:d*)$", "", ["abcd", "abce"]],
  ["(z)((a+)?(b+)?(c))*", "", ["zaacbbbcac", "y"]],
  ["^(?:a*)*$", "", ["aaa", "b"]],
  ["^(a?)*?b$", "", ["aab", "c"]],
  ["a{2}", "", ["aa", "a", "a{2}"]],
  ["a{2", "", ["a{2", "aa"]],
  ["a{,2}", "", ["a{,2}", "aa"]],
  ["x{0}y", "", ["y", "x"]],
  ["a{2,1}", "", ["aa"]],
  ["]", "", ["]"]],
  ["{", "", ["{"]],
  ["}", "", ["}"]],
  ["{", "u", ["{"]],
  ["[", "", ["["]],
  ["(", "", ["("]],
  ["(?", "", [""]],
  ["*", "", [""]],
  ["a**", "", [""]],
  ["\\", "", [""]],
  ["\\c", "", ["\\c", "c"]],
  ["\\cA", "", ["\u0001", "A"]],
  ["\\x4", "", ["x4", "\u0004"]],
  ["\\x41", "", ["A"]],
  ["\\u004", "", ["u004"]],
  ["\\u0041", "", ["A"]],
  ["\\0", "", ["0", "a"]],
  ["\\01", "", ["\u0001"]],
  ["\\8", "", ["8"]],
  ["\\1(a)", "", ["a", "aa"]],
  ["\\2(a)", "", ["\u0002a", "a"]],
  ["\\a", "", ["a"]],
  ["\\a", "u", ["a"]],
  ["\\-", "u", ["-"]],
  ["[\\b]", "", ["\b", "b"]],
  ["[a-\\d]", "", ["-", "5", "b"]],
  ["[a-\\d]", "u", ["-"]],
  ["[b-a]", "", ["a"]],
  ["[]", "", ["", "a"]],
  ["[^]", "", ["\n", ""]],
  ["\\p{L}", "", ["p{L}", "a"]],
  ["\\p{L}", "u", ["ä", "1"]],
  ["\\p{Script=Greek}", "u", ["α", "a"]],
  ["\\P{Lu}", "u", ["A", "a"]],
  ["\\p{Nope}", "u", ["a"]],
  ["(?<a>x)(?<a>y)", "", ["xy"]],
  ["\\k<a>", "", ["k<a>"]],
  ["[\\p{L}--[a-z]]", "v", ["a", "Ä"]],
  ["[a&&b]", "v", ["a"]],
  ["a", "g", ["ba", "b"]],
  ["a", "y", ["ab", "ba"]],
  ["a", "gy", ["ba", "ab"]],
  ["a", "d", ["a"]],
  ["a", "x", ["a"]],
  ["a", "ii", ["a"]],
  ["a", "uv", ["a"]],
  ["^[\\w.+-]+@[\\w-]+\\.[\\w.]+$", "", ["a.b+c@example.org", "a@b", "ä@example.org"]],
  ["^\\+?[0-9 ]{6,}$", "", ["+41 44 000", "abc"]],
  ["^(?:\\d{4})-(?:\\d{2})", "", ["2026-01-02", "26-1"]],
];

const said = (number) => (Object.is(number, -0) ? "-0" : String(number));

function answer(pattern, flags, text) {
  try {
    return new RegExp(pattern, flags).test(text);
  } catch {
    return null;
  }
}

const table = {
  about: "Written by tests/pkg/javascript.test.mjs: what Node answers. A pattern that is refused has the answer null.",
  numbers: NUMBERS.map((text) => [text, said(Number(text))]),
  texts: TEXTS.map((number) => [said(number) === "-0" ? "-0" : number.toExponential(), String(number)]),
  orders: ORDERS.map(([a, b]) => [a, b, a === b ? 0 : a > b ? 1 : -1]),
  lower: LOWER.map((text) => [text, text.toLowerCase()]),
  trim: ["\u0085a", "\u00a0a ", "\ufeffa", "\u180ea", " \u2003a\u2029"].map((text) => [text, text.trim()]),
  patterns: PATTERNS.flatMap(([pattern, flags, texts]) => texts.map((text) => [pattern, flags, text, answer(pattern, flags, text)])),
};

const written = `${JSON.stringify(table, undefined, 1).replace(/\n {2,}(?! *\[)|\n {2}(?=\])/g, "").replace(/[\u0000-\u001f\u007f-\uffff]/g, (c) => (c === "\n" ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`))}\n`;
if (process.env.LATCHGATE_RECORD === "1") writeFileSync(file, written);

test("the table that the native build is held to is what JavaScript says", () => {
  const recorded = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual(recorded, JSON.parse(JSON.stringify(table)));
  const { numbers, texts, orders, patterns } = recorded;
  assert.ok(numbers.length > 60 && texts.length > 20 && orders.length > 10 && patterns.length > 150, "the table is not empty");
});
