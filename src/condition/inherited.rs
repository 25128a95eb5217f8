//! What plain data has in JavaScript without having it itself: the members of `Object.prototype`, which a path may name.
//! A binding writes down what it found; a record that is data finds the same here.

use crate::value::Value;
use crate::value::js::{Js, Object};

/// Names that every JavaScript object inherits, what they are functions of so many arguments under.
const NAMES: [(&str, u8); 12] = [
    ("constructor", 1),
    ("hasOwnProperty", 1),
    ("isPrototypeOf", 1),
    ("propertyIsEnumerable", 1),
    ("toLocaleString", 0),
    ("toString", 0),
    ("valueOf", 0),
    ("__defineGetter__", 2),
    ("__defineSetter__", 2),
    ("__lookupGetter__", 1),
    ("__lookupSetter__", 1),
    (PROTO, 0),
];

/// What texts, lists, numbers and functions have besides: a name and how many arguments it takes.
const OF_TEXTS: &str = "at1 charAt1 charCodeAt1 codePointAt1 concat1 endsWith1 includes1 indexOf1 isWellFormed0 lastIndexOf1 localeCompare1 match1 matchAll1 normalize0 padEnd2 padStart2 repeat1 replace2 replaceAll2 search1 slice2 split2 startsWith1 substr2 substring2 toLocaleLowerCase0 toLocaleUpperCase0 toLowerCase0 toUpperCase0 toWellFormed0 trim0 trimEnd0 trimStart0 anchor1 big0 blink0 bold0 fixed0 fontcolor1 fontsize1 italics0 link1 small0 strike0 sub0 sup0";
const OF_LISTS: &str = "at1 concat1 copyWithin2 entries0 every1 fill1 filter1 find1 findIndex1 findLast1 findLastIndex1 flat0 flatMap1 forEach1 includes1 indexOf1 join1 keys0 lastIndexOf1 map1 pop0 push1 reduce1 reduceRight1 reverse0 shift0 slice2 some1 sort1 splice2 toReversed0 toSorted1 toSpliced2 unshift1 values0 with2";
const OF_NUMBERS: &str = "toExponential1 toFixed1 toPrecision1";
const OF_FUNCTIONS: &str = "apply2 bind1 call1";

/// How many arguments a method of a class takes, where it has one of that name.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn method(host: &Value, name: &str) -> Option<u8> {
    if let Some((_, arguments)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(*arguments);
    }
    let own = match host {
        Value::List(_) => OF_LISTS,
        Value::Text(_) => OF_TEXTS,
        Value::Number(_) => OF_NUMBERS,
        Value::Js(_) => OF_FUNCTIONS,
        _ => "",
    };
    crate::base::text::words(own).into_iter().find_map(|word| word.strip_prefix(name)?.parse().ok())
}

const PROTO: &str = "__proto__";

/// Whether every object of JavaScript has a member of that name.
pub fn is_inherited(name: &str) -> bool {
    NAMES.iter().any(|(known, _)| *known == name)
}

/// The member that a value inherits.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn inherited(host: &Value, name: &str) -> Option<Value> {
    let arguments = method(host, name)?;
    let (class, prototype) = match host {
        Value::Map(_) => ("Object", Value::Text("[object Object]".into())),
        Value::List(_) => ("Array", Value::Null),
        Value::Text(_) => ("String", Value::Text(Box::default())),
        Value::Number(_) => ("Number", Value::Number(0.0)),
        Value::Bool(_) => ("Boolean", Value::Bool(false)),
        Value::Js(js) if matches!(&**js, Js::Object(object) if object.callable && !object.bare) => ("Function", Value::Null),
        // Of what JavaScript has written down all is written down.
        Value::Null | Value::Js(_) => return None,
    };
    let found = match name {
        // The prototype of lists is an empty list, that of functions a function.
        PROTO if class == "Array" => Value::List(Vec::new()),
        PROTO if class == "Function" => function("", 0),
        PROTO => prototype_of(class, prototype),
        "constructor" => function(class, 1),
        "toString" if class == "Number" => function(name, 1),
        _ => function(name, arguments),
    };
    Some(Value::Js(Js::Inherited(found).into()))
}

/// What objects of a class inherit from.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn prototype_of(class: &str, primitive: Value) -> Value {
    let mut members = Vec::new();
    for (name, arguments) in &NAMES {
        let member = match *name {
            PROTO if class == "Object" => Value::Js(Js::Inherited(Value::Null).into()),
            PROTO => Value::Js(Js::Inherited(prototype_of("Object", Value::Text("[object Object]".into()))).into()),
            "constructor" => function(class, 1),
            _ => function(name, *arguments),
        };
        members.push(((*name).into(), member));
    }
    object(false, primitive, members)
}

/// One of the engine's own, with its text.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn function(name: &str, arguments: u8) -> Value {
    let text = crate::base::text::concat(&["function ", name, "() { [native code] }"]);
    let members = vec![("length".into(), Value::Number(f64::from(arguments))), ("name".into(), Value::Text(name.into()))];
    object(true, Value::Text(text.into()), members)
}

#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn object(callable: bool, primitive: Value, members: Vec<(Box<str>, Value)>) -> Value {
    let body = Value::Map(members);
    let object = Object { identity: 0, plain: false, callable, bare: false, json: None, primitive: Some(primitive), pattern: None, body };
    Value::Js(Js::Object(object).into())
}
