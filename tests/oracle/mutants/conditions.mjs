// Mistakes about what a condition asks of a record.

const EVAL = "src/condition/eval.rs";
const WALK = "src/condition/walk.rs";
const JAVASCRIPT = "src/condition/javascript.rs";

export const CONDITION_MUTANTS = [
  {
    file: JAVASCRIPT,
    find: "Ok(if greater(left.as_deref(), right.as_deref())? { Ordering::Greater } else { Ordering::Less })",
    replace: "Ok(if left.is_none() || greater(left.as_deref(), right.as_deref())? { Ordering::Greater } else { Ordering::Less })",
    why: "A7: what is missing is not less",
  },
  { file: JAVASCRIPT, find: "Some(Value::Null) => Primitive::Number(0.0),", replace: "Some(Value::Null) => Primitive::Number(f64::NAN),", why: "null is no 0 where it is ordered" },
  { file: JAVASCRIPT, find: "left.encode_utf16().cmp(right.encode_utf16())", replace: "left.cmp(right)", why: "text is ordered by characters, not by code units" },
  {
    file: JAVASCRIPT,
    find: "(Primitive::Text(a), Primitive::Text(b)) => compare_utf16(a, b) == Ordering::Greater,",
    replace: "(Primitive::Text(_), Primitive::Text(_)) => left.number() > right.number(),",
    why: "two texts are ordered as numbers",
  },
  { file: JAVASCRIPT, find: "Self::Text(text) | Self::BigInt(text, _) => text_to_number(text),", replace: "Self::Text(text) | Self::BigInt(text, _) => text.parse().unwrap_or(f64::NAN),", why: "text becomes a number as in Rust" },
  { file: JAVASCRIPT, find: "text.push(',');", replace: "text.push(' ');", why: "a list becomes text without commas" },
  { file: JAVASCRIPT, find: '.is_some() => return Err(NO_PRIMITIVE),', replace: '.is_none() && false => return Err(NO_PRIMITIVE),', why: "a member that hides toString does not matter" },
  { file: EVAL, find: "LessOrEqual => compare(value, Some(operand))? != Ordering::Greater,", replace: "LessOrEqual => compare(value, Some(operand))? == Ordering::Less,", why: "`$lte` is `$lt`" },
  { file: EVAL, find: "GreaterOrEqual => compare(value, Some(operand))? != Ordering::Less,", replace: "GreaterOrEqual => compare(value, Some(operand))? == Ordering::Greater,", why: "`$gte` is `$gt`" },
  { file: EVAL, find: "Operator::NotEqual => reader.equal(record).map(|same| !same),", replace: "Operator::NotEqual => reader.some(record).map(|same| !same),", why: "`$ne` on lists and null is not the opposite of `$eq`" },
  { file: EVAL, find: "Operator::NotIn => reader.some(record).map(|found| !found),", replace: "Operator::NotIn => reader.some(record),", why: "`$nin` is `$in`" },
  {
    file: EVAL,
    find: "Operator::NotIn => reader.some(record).map(|found| !found),",
    replace: "Operator::NotIn => reader.read(Some(record), test.path).and_then(|value| reader.among(list(test.operand), value.as_deref())).map(|found| !found),",
    why: "`$nin` does not look into lists",
  },
  { file: EVAL, find: "Value::Number(items.len() as f64) == *self.test.operand", replace: "matches!(self.test.operand, Value::Number(size) if items.len() as f64 >= *size)", why: "`$size` asks for so many at the least" },
  {
    file: EVAL,
    find: "return some(list(test.operand), |wanted| reader.among(items, Some(wanted)).map(|found| !found)).map(|lacks| !lacks);",
    replace: "return some(list(test.operand), |wanted| reader.among(items, Some(wanted)));",
    why: "`$all` is content with one",
  },
  {
    file: EVAL,
    find: "some(items, |item| test.walk.element(test.operand, &mut |test| holds(test, item)))",
    replace: "some(items, |item| Ok(test.walk.element(test.operand, &mut |test| holds(test, item)) == Ok(true)))",
    why: "`$elemMatch` on an item that it throws on goes on",
  },
  { file: EVAL, find: "Some(items) if operand.items().is_none() => self.among(items, Some(operand)),", replace: "Some(_) if false => Ok(false),", why: "CASL 6: equality does not look into lists" },
  { file: EVAL, find: "return Ok(has_members(host));\n        }", replace: "return Ok(false);\n        }", why: "CASL 7: null does not equal what is missing" },
  { file: EVAL, find: "return self.equal_7(record, operand);", replace: "if !matches!(operand, Value::Null) { return self.equal_7(record, operand); }", why: "CASL 7: null is compared as CASL 6 does" },
  { file: EVAL, find: "if self.casl7 && !there.is_some_and(has_members) {", replace: "if !there.is_some_and(has_members) {", why: "A25 c: `$size` with nothing on the way does not throw" },
  { file: EVAL, find: "let there = host.is_some_and(|host| has_own(host, last));", replace: "let there = host.is_some_and(|host| member(host, last).is_some_and(|value| *value != Value::Null));", why: "`$exists` does not count null" },
  { file: EVAL, find: "if !self.casl7 && there.is_some_and(has_no_own) {", replace: "if false && there.is_some_and(has_no_own) {", why: "CASL 6: a record may hide hasOwnProperty" },
  { file: EVAL, find: "return Ok((left == 0 || !self.casl7).then_some(next));", replace: "return Ok((left == 0).then_some(next));", why: "A25 b: CASL 6 does not read through plain values" },
  { file: EVAL, find: "return Ok((left == 0 || !self.casl7).then_some(next));", replace: "return Ok(Some(next));", why: "CASL 7 reads through plain values" },
  { file: EVAL, find: "!crate::value::host::text_to_number(name).is_nan()", replace: "text::index(name).is_some()", why: "only whole numbers are indexes" },
  { file: EVAL, find: "let Some(items) = host.items().filter(|_| !is_number(name)) else", replace: "let Some(items) = host.items() else", why: "an index is a field of the elements" },
  { file: EVAL, find: "Some(inner) => found.extend_from_slice(inner),", replace: "Some(_) => found.push(value.into_owned()),", why: "lists in lists are not made flat" },
  { file: EVAL, find: 'None | Some(Value::Null) => Err("a field is read from null or undefined"),', replace: "None | Some(Value::Null) => Ok(None),", why: "null on the way does not throw" },
  { file: WALK, find: "Some((_, Value::Text(text))) => flags = text,", replace: "Some((_, Value::Text(_))) => {}", why: "`$options` does not count" },
  { file: WALK, find: "flags = &coerced;", replace: "let _ = &coerced;", why: "`$options` that are no text do not count" },
  { file: WALK, find: 'return Err("an operator stands where a field name is expected");', replace: "continue;", why: "an operator at the top is passed over" },
  { file: WALK, find: 'else { return Err("operators and other keys are mixed in one object") };', replace: "else { continue };", why: "keys beside operators are passed over" },
  { file: WALK, find: 'matches!(operand, Value::Bool(_)), "$exists', replace: 'true, "$exists', why: "`$exists` takes anything" },
  { file: WALK, find: "self.folded.is_some() && self.folded == path.first().copied()", replace: "false", why: "A10: the record's address is not folded" },
  { file: "src/condition/bind.rs", find: "!fold(&mut source, name)", replace: "!fold(&mut source.clone(), name)", why: "A10: the rule's address is not folded" },
  {
    file: "src/condition/bind.rs",
    find: "    if has_placeholder(&source, semantics) {",
    replace: "    if has_placeholder(&source, semantics) && semantics == Semantics::Native {",
    why: "A9: `${user.id}` stays as it is",
  },
];
