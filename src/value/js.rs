//! What only JavaScript has: values that no JSON text holds, and what its objects do when they are compared.

use crate::value::Value;

/// A value, or a state of a member, that JSON does not know.
#[derive(Debug, Clone)]
pub enum Js {
    /// `undefined`, in a place that is there.
    Undefined,
    /// A place in a list that was never filled: some walks skip it.
    Hole,
    /// Reading it throws.
    Throws,
    /// A date, by its milliseconds.
    Date(f64),
    /// A whole number of any size.
    BigInt {
        /// In base ten.
        digits: Box<str>,
        /// Whether it is below (-1) or above (1) the double nearest to it.
        rest: i8,
    },
    /// A symbol, by its number among the operands; 0 for one that is none.
    Symbol(u32),
    /// A member that can be read and is not the object's own.
    Inherited(Value),
    /// An item of a list that is no record, with the members that a path finds in all of its kind.
    Lends(Value, Value),
    /// An object that plain data does not stand for.
    Object(Object),
}

/// An object, a list or a function, with what it does when it is compared.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its number among the operands, as objects are equal to themselves alone; 0 for one that is no operand.
    pub identity: u32,
    /// `constructor === Object`: only such objects hold operators.
    pub plain: bool,
    /// A function.
    pub callable: bool,
    /// It has no `hasOwnProperty`.
    pub bare: bool,
    /// What it is compared as: a date's milliseconds, the result of `toJSON()`.
    pub json: Option<Value>,
    /// What an order takes it for, where that is not what its members say.
    pub primitive: Option<Value>,
    /// Of a regular expression, its source and flags.
    pub pattern: Option<(Box<str>, Box<str>)>,
    /// Members or items.
    pub body: Value,
}

/// The same place in memory: what is equal in JavaScript is for conditions to say.
impl PartialEq for Js {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Tags, as they cross and as they are kept: the low bits of a word.
pub mod tag {
    pub const UNDEFINED: u32 = 0;
    pub const HOLE: u32 = 1;
    pub const THROWS: u32 = 2;
    pub const DATE: u32 = 3;
    pub const BIGINT: u32 = 4;
    pub const SYMBOL: u32 = 5;
    pub const INHERITED: u32 = 6;
    pub const OBJECT: u32 = 7;
    pub const MASK: u32 = 7;
}

/// The bits above the tag: of a bigint the rest, of what is inherited whose it is, of an object what belongs to it.
pub mod bit {
    pub const BELOW: u32 = 1 << 3;
    pub const ABOVE: u32 = 1 << 4;
    pub const LENDS: u32 = 1 << 3;
    pub const PLAIN: u32 = 1 << 3;
    pub const CALLABLE: u32 = 1 << 4;
    pub const BARE: u32 = 1 << 5;
    pub const IDENTITY: u32 = 1 << 6;
    pub const JSON: u32 = 1 << 7;
    pub const PRIMITIVE: u32 = 1 << 8;
    pub const PATTERN: u32 = 1 << 9;
}

impl Js {
    /// The tag with its bits, and all that belongs to it: values, in the order in which [`Js::from_parts`] takes them.
    pub fn parts(&self) -> (u32, Vec<Value>) {
        let mut parts = Vec::new();
        let word = match self {
            Self::Undefined => tag::UNDEFINED,
            Self::Hole => tag::HOLE,
            Self::Throws => tag::THROWS,
            Self::Date(time) => {
                parts.push(Value::Number(*time));
                tag::DATE
            }
            Self::BigInt { digits, rest } => {
                parts.push(Value::Text(digits.clone()));
                tag::BIGINT | if *rest < 0 { bit::BELOW } else { 0 } | if *rest > 0 { bit::ABOVE } else { 0 }
            }
            Self::Symbol(identity) => {
                parts.push(Value::Number(f64::from(*identity)));
                tag::SYMBOL
            }
            Self::Inherited(value) => {
                parts.push(value.clone());
                tag::INHERITED
            }
            Self::Lends(value, members) => {
                parts.extend([members.clone(), value.clone()]);
                tag::INHERITED | bit::LENDS
            }
            Self::Object(object) => object.parts(&mut parts),
        };
        (word, parts)
    }

    /// The same put together again. Of what is missing nothing is made, so whatever the word says, this is a value.
    pub fn from_parts(word: u32, next: &mut dyn FnMut() -> Option<Value>) -> Self {
        match word & tag::MASK {
            tag::UNDEFINED => Self::Undefined,
            tag::HOLE => Self::Hole,
            tag::DATE => Self::Date(number(next())),
            tag::BIGINT => {
                let rest = i8::from(word & bit::ABOVE != 0) - i8::from(word & bit::BELOW != 0);
                Self::BigInt { digits: text(next()), rest }
            }
            tag::SYMBOL => Self::Symbol(number(next()) as u32),
            tag::INHERITED if word & bit::LENDS != 0 => {
                let members = next().unwrap_or(Value::Null);
                Self::Lends(next().unwrap_or(Value::Null), members)
            }
            tag::INHERITED => Self::Inherited(next().unwrap_or(Value::Null)),
            tag::OBJECT => {
                let mut part = |bit: u32| if word & bit == 0 { None } else { next() };
                let identity = part(bit::IDENTITY).map_or(0, |identity| number(Some(identity)) as u32);
                let json = part(bit::JSON);
                let primitive = part(bit::PRIMITIVE);
                let pattern = part(bit::PATTERN).map(|source| (text(Some(source)), text(part(bit::PATTERN))));
                Self::Object(Object {
                    identity,
                    plain: word & bit::PLAIN != 0,
                    callable: word & bit::CALLABLE != 0,
                    bare: word & bit::BARE != 0,
                    json,
                    primitive,
                    pattern,
                    body: next().unwrap_or(Value::Null),
                })
            }
            _ => Self::Throws,
        }
    }
}

impl Object {
    fn parts(&self, parts: &mut Vec<Value>) -> u32 {
        let mut word = tag::OBJECT;
        for (set, bit) in [(self.plain, bit::PLAIN), (self.callable, bit::CALLABLE), (self.bare, bit::BARE)] {
            word |= if set { bit } else { 0 };
        }
        let mut part = |value: Option<Value>, bit: u32| {
            if value.is_some() {
                word |= bit;
            }
            parts.extend(value);
        };
        part((self.identity > 0).then(|| Value::Number(f64::from(self.identity))), bit::IDENTITY);
        part(self.json.clone(), bit::JSON);
        part(self.primitive.clone(), bit::PRIMITIVE);
        part(self.pattern.as_ref().map(|(source, _)| Value::Text(source.clone())), bit::PATTERN);
        part(self.pattern.as_ref().map(|(_, flags)| Value::Text(flags.clone())), bit::PATTERN);
        parts.push(self.body.clone());
        word
    }
}

fn number(value: Option<Value>) -> f64 {
    match value {
        Some(Value::Number(number)) => number,
        _ => f64::NAN,
    }
}

fn text(value: Option<Value>) -> Box<str> {
    match value {
        Some(Value::Text(text)) => text,
        _ => Box::default(),
    }
}

impl Value {
    /// What only JavaScript has, if this is such.
    pub(crate) fn js(&self) -> Option<&Js> {
        match self {
            Self::Js(js) => Some(js),
            _ => None,
        }
    }

    /// The object, if plain data does not stand for it.
    pub(crate) fn object(&self) -> Option<&Object> {
        match self.js() {
            Some(Js::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// Source and flags, if this is a regular expression.
    pub(crate) fn pattern(&self) -> Option<(&str, &str)> {
        self.object()?.pattern.as_ref().map(|(source, flags)| (&**source, &**flags))
    }

    /// The members or items of an object, be they plain data or not; any other value itself.
    pub(crate) fn body(&self) -> &Self {
        match self.js() {
            Some(Js::Object(object)) => &object.body,
            Some(Js::Inherited(inner) | Js::Lends(inner, _)) => inner.body(),
            _ => self,
        }
    }

    /// The items, if this is a list.
    pub(crate) fn items(&self) -> Option<&[Self]> {
        match self.body() {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The members, if this is an object that may hold operators: `constructor` is `Object`.
    pub(crate) fn plain_members(&self) -> Option<&[(Box<str>, Self)]> {
        match self.body() {
            Self::Map(members) if self.object().map_or_else(|| self.get("constructor").is_none(), |object| object.plain) => Some(members),
            _ => None,
        }
    }
}
