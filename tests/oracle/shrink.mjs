// Makes a case smaller while it stays what it is: rules, questions, keys and items are left out, values made plainer.

/** `fails` says whether a case still shows what it is to show. */
export function shrink(one, fails) {
  let smallest = one;
  for (let again = true; again; ) {
    again = false;
    for (const smaller of smallerThan(smallest)) {
      let still = false;
      try {
        still = fails(smaller);
      } catch {
        // No case at all any more.
      }
      if (still) {
        smallest = smaller;
        again = true;
        break;
      }
    }
  }
  return smallest;
}

function* smallerThan(one) {
  for (let index = 0; index < one.asks.length && one.asks.length > 1; index++) yield { ...one, asks: [one.asks[index]] };
  for (const [index] of one.rules.entries()) yield { ...one, rules: one.rules.filter((_, other) => other !== index) };
  if (Object.keys(one.options).length > 0) yield { ...one, options: {} };
  const [ask] = one.asks;
  if (ask.field !== undefined) yield { ...one, asks: [{ ...ask, field: undefined }] };
  if (ask.record !== undefined) for (const record of smallerValues(ask.record, true)) yield { ...one, asks: [{ ...ask, record }] };
  for (const rules of smallerItems(one.rules)) yield { ...one, rules };
}

/** The same list with one item made smaller. */
function* smallerItems(list) {
  for (const [index, item] of list.entries()) for (const smaller of smallerValues(item, true)) yield list.with(index, smaller);
}

function* smallerValues(value, isWhole = false) {
  if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.filter((_, other) => other !== index);
    for (const index of value.keys()) for (const smaller of smallerValues(value[index])) yield value.with(index, smaller);
    if (value.length === 1) yield value[0];
  } else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value);
    for (const [name] of entries) yield made(entries.filter(([other]) => other !== name));
    for (const [index, [name, inner]] of entries.entries()) for (const smaller of smallerValues(inner)) yield made(entries.with(index, [name, smaller]));
    if (!isWhole && entries.length > 0) yield "a";
  } else if (typeof value === "string" && value.length > 1) {
    if (value.includes(".")) yield value.slice(value.indexOf(".") + 1);
    if (value.includes(".")) yield value.slice(0, value.lastIndexOf("."));
  }
}

const made = (entries) => Object.fromEntries(entries);
