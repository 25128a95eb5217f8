//! The interpreters, one for one after @ucast/js.

use super::js::{Js, compare, text_number};
use super::{Cond, Fault, ITSELF, Profile, Res, THROW};
use serde_json::Value;

/// All must hold; the first that does not ends it, before anything later can throw.
pub fn holds(profile: Profile, all: &[Cond], record: &Value) -> Res<bool> {
    Eval { profile }.all(all, &Js::from(record))
}

/// A step over a list maps over its elements, unless `Number(step)` is a number.
fn maps_over(value: &Js, step: &str) -> bool {
    matches!(value, Js::List(_)) && text_number(step).is_nan()
}

/// The last step apart: the value of all that stands before it, and the last step.
fn cursor(profile: Profile, record: &Js, field: &str) -> Res<(Js, String)> {
    match field.rsplit_once('.') {
        None => Ok((record.clone(), field.to_owned())),
        Some((before, last)) => Ok((read(profile, record, before)?, last.to_owned())),
    }
}

/// `getObjectField`
fn read(profile: Profile, record: &Js, field: &str) -> Res<Js> {
    if field == ITSELF {
        return Ok(record.clone());
    }
    if !record.truthy() {
        return Err(THROW);
    }
    if !field.contains('.') {
        return step(record, field);
    }
    let steps: Vec<&str> = field.split('.').collect();
    let mut value = record.clone();
    for (at, name) in steps.iter().enumerate() {
        value = step(&value, name)?;
        if !value.object() {
            // A25 (b): the older one reads through a plain value; the newer one does not.
            let through = profile == Profile::OpenArchiver || at + 1 == steps.len();
            return Ok(if through { value } else { Js::Undefined });
        }
    }
    Ok(value)
}

fn step(value: &Js, name: &str) -> Res<Js> {
    let Js::List(list) = value else { return value.get(name) };
    if !maps_over(value, name) {
        return value.get(name);
    }
    let mut found = Vec::new();
    for element in list {
        match element.get(name)? {
            Js::Undefined => {}
            Js::List(more) => found.extend(more), // concat flattens one level
            one => found.push(one),
        }
    }
    Ok(Js::List(found))
}

/// `includes`: some element of the list equals the value.
fn includes(list: &[Js], value: &Js) -> Res<bool> {
    for element in list {
        if compare(element, value)? == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn any(list: &[Js], test: &dyn Fn(&Js) -> Res<bool>) -> Res<bool> {
    for element in list {
        if test(element)? {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Eval {
    profile: Profile,
}

impl Eval {
    fn all(&self, conditions: &[Cond], record: &Js) -> Res<bool> {
        for condition in conditions {
            if !self.one(condition, record)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn one(&self, c: &Cond, record: &Js) -> Res<bool> {
        match c.op.as_str() {
            "$eq" => self.eq(c, record),
            "$ne" => Ok(!self.eq(c, record)?),
            "$lt" => self.ordered(c, record, &[-1]),
            "$lte" => self.ordered(c, record, &[-1, 0]),
            "$gt" => self.ordered(c, record, &[1]),
            "$gte" => self.ordered(c, record, &[1, 0]),
            "$in" => self.within(c, record),
            "$nin" => Ok(!self.within(c, record)?),
            "$all" => self.every(c, record),
            "$size" => self.size(c, record),
            "$exists" => self.exists(c, record),
            "$elemMatch" => match read(self.profile, record, &c.field)? {
                Js::List(list) => any(&list, &|element| self.all(&c.inner, element)),
                _ => Ok(false),
            },
            _ => Err(Fault::Unsupported),
        }
    }

    fn eq(&self, c: &Cond, record: &Js) -> Res<bool> {
        match self.profile {
            Profile::OpenArchiver => self.eq_3(c, record),
            Profile::Casl7 => self.eq_4(c, record),
        }
    }

    fn eq_3(&self, c: &Cond, record: &Js) -> Res<bool> {
        let wanted = Js::from(&c.value);
        match read(self.profile, record, &c.field)? {
            Js::List(list) if !c.value.is_array() => includes(&list, &wanted),
            value => Ok(compare(&value, &wanted)? == 0),
        }
    }

    fn eq_4(&self, c: &Cond, record: &Js) -> Res<bool> {
        let (parent, last) = cursor(self.profile, record, &c.field)?;
        if c.value.is_null() {
            // Null matches null, a key that is not there, and a list that holds null; the parent must be an object.
            let test = |parent: &Js| -> Res<bool> {
                if !parent.object() {
                    return Ok(false);
                }
                if !parent.has_own(&last) {
                    return Ok(true);
                }
                match read(self.profile, parent, &last)? {
                    Js::Null => Ok(true),
                    Js::List(list) => includes(&list, &Js::Null),
                    _ => Ok(false),
                }
            };
            return match &parent {
                Js::List(list) if maps_over(&parent, &last) => any(list, &test),
                _ => test(&parent),
            };
        }
        let value = self.last(&parent, &last)?;
        let wanted = Js::from(&c.value);
        match &value {
            Js::List(list) => Ok(compare(&value, &wanted)? == 0 || includes(list, &wanted)?),
            _ => Ok(compare(&value, &wanted)? == 0),
        }
    }

    /// 4.0.1: a key of what is no object is undefined.
    fn last(&self, parent: &Js, last: &str) -> Res<Js> {
        if last != ITSELF && !parent.object() {
            return Ok(Js::Undefined);
        }
        read(self.profile, parent, last)
    }

    fn ordered(&self, c: &Cond, record: &Js, wanted: &[i8]) -> Res<bool> {
        let operand = Js::from(&c.value);
        let test = |value: &Js| Ok(wanted.contains(&compare(value, &operand)?));
        match read(self.profile, record, &c.field)? {
            Js::List(list) => any(&list, &test),
            value => test(&value),
        }
    }

    fn operands(c: &Cond) -> Vec<Js> {
        c.value.as_array().into_iter().flatten().map(Js::from).collect()
    }

    fn within(&self, c: &Cond, record: &Js) -> Res<bool> {
        let operands = Self::operands(c);
        match read(self.profile, record, &c.field)? {
            Js::List(list) => any(&list, &|value| includes(&operands, value)),
            value => includes(&operands, &value),
        }
    }

    fn every(&self, c: &Cond, record: &Js) -> Res<bool> {
        let Js::List(list) = read(self.profile, record, &c.field)? else {
            return Ok(false);
        };
        for operand in Self::operands(c) {
            if !includes(&list, &operand)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn size(&self, c: &Cond, record: &Js) -> Res<bool> {
        let (parent, last) = cursor(self.profile, record, &c.field)?;
        let test = |parent: &Js| -> Res<bool> {
            let value = match self.profile {
                Profile::OpenArchiver => read(self.profile, parent, &last)?,
                Profile::Casl7 => self.last(parent, &last)?,
            };
            match value {
                Js::List(list) => Ok(c.value.as_f64() == Some(list.len() as f64)),
                _ => Ok(false),
            }
        };
        match &parent {
            Js::List(list) if c.field != ITSELF && maps_over(&parent, &last) => any(list, &test),
            _ => test(&parent),
        }
    }

    fn exists(&self, c: &Cond, record: &Js) -> Res<bool> {
        if c.field == ITSELF {
            // Whether there is an element: there is.
            return Ok(!matches!(record, Js::Undefined));
        }
        let wanted = c.value == Value::Bool(true);
        let (parent, last) = cursor(self.profile, record, &c.field)?;
        let test = |parent: &Js| -> Res<bool> {
            if parent.nullish() {
                return Ok(!wanted);
            }
            // 3.0.4 calls the record's own `hasOwnProperty`.
            if self.profile == Profile::OpenArchiver && parent.has_own("hasOwnProperty") {
                return Err(THROW);
            }
            Ok(parent.has_own(&last) == wanted)
        };
        match &parent {
            Js::List(list) if maps_over(&parent, &last) => any(list, &test),
            _ => test(&parent),
        }
    }
}
