//! A snapshot as data: documents found by id in whatever envelopes and pages their list comes, replaced, added and taken out there, so
//! that everything else is written back as it was.

use crate::base::text::push_whole;
use crate::value::Value;

/// Members in the order written.
pub type Pairs = Vec<(Box<str>, Value)>;

/// One of a snapshot's lists, in the envelopes in which the system answers it.
pub struct Shape {
    pub payload: &'static str,
    /// Where envelopes hold the list.
    pub keys: &'static [&'static str],
    /// What a document is called by.
    pub id: fn(&Value) -> Option<&str>,
}

/// The id of most documents.
pub fn id(document: &Value) -> Option<&str> {
    document.get("id").and_then(Value::as_text)
}

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub fn texts(list: &[&str]) -> Value {
    Value::List(list.iter().map(|item| text(item)).collect())
}

/// The texts of a list, whatever else is in it.
pub fn texts_of(list: Option<&Value>) -> Vec<&str> {
    items(list).iter().filter_map(Value::as_text).collect()
}

pub fn items(list: Option<&Value>) -> &[Value] {
    match list {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

pub fn member_mut<'v>(at: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match at {
        Value::Map(members) => members.iter_mut().find(|(name, _)| name.as_ref() == key).map(|(_, member)| member),
        _ => None,
    }
}

/// Sets a member where it stands, or behind the others.
pub fn set(at: &mut Value, key: &str, value: Value) {
    if let Some(member) = member_mut(at, key) {
        *member = value;
    } else if let Value::Map(members) = at {
        members.push((key.into(), value));
    }
}

pub fn unset(at: &mut Value, key: &str) {
    if let Value::Map(members) = at {
        members.retain(|(name, _)| name.as_ref() != key);
    }
}

/// What the body has is taken over, what it leaves out is taken away: a replacement of these members.
pub fn replace_members(document: &mut Value, body: &Pairs, writable: &[&str]) {
    for key in writable {
        match body.iter().find(|(name, _)| name.as_ref() == *key) {
            Some((_, value)) => set(document, key, value.clone()),
            None => unset(document, key),
        }
    }
}

/// What the body has is taken over, what it leaves out stays.
pub fn merge_members(document: &mut Value, body: &Pairs, writable: &[&str]) {
    for (key, value) in body.iter().filter(|(key, _)| writable.contains(&key.as_ref())) {
        set(document, key, value.clone());
    }
}

impl Shape {
    /// All documents, those on two pages twice.
    pub fn all<'v>(&self, root: &'v Value) -> Vec<&'v Value> {
        let mut found = Vec::new();
        if let Some(list) = root.get("payloads").and_then(|payloads| payloads.get(self.payload)) {
            if self.is_bare(list) { found.push(list) } else { collect(list, self.keys, &mut found) }
        }
        found
    }

    pub fn is_given(&self, root: &Value) -> bool {
        root.get("payloads").and_then(|payloads| payloads.get(self.payload)).is_some_and(|list| !matches!(list, Value::Null))
    }

    pub fn find<'v>(&self, root: &'v Value, id: &str) -> Option<&'v Value> {
        self.all(root).into_iter().find(|document| (self.id)(document) == Some(id))
    }

    /// Visits every document.
    pub fn each(&self, root: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
        self.walk(root, &mut |document| {
            visit(document);
            true
        });
    }

    /// Puts a document in the place of the one with its id, on every page that has it, or behind the others.
    pub fn put(&self, root: &mut Value, document: &Value) {
        let id = (self.id)(document).unwrap_or_default();
        let mut known = false;
        self.each(root, &mut |other| {
            if (self.id)(other) == Some(id) {
                *other = document.clone();
                known = true;
            }
        });
        if !known {
            self.append(root, document.clone());
        }
    }

    /// Adds a document behind the others.
    pub fn append(&self, root: &mut Value, document: Value) {
        let Some(payloads) = member_mut(root, "payloads") else { return };
        match member_mut(payloads, self.payload) {
            Some(list) => {
                add_to_totals(list, self.keys, 1.0);
                if self.is_bare(list) {
                    let only = std::mem::replace(list, Value::Null);
                    *list = Value::List(vec![only]);
                }
                insert(list, self.keys, document);
            }
            None => set(payloads, self.payload, Value::List(vec![document])),
        }
    }

    /// Takes a document out; whether it was there.
    pub fn remove(&self, root: &mut Value, id: &str) -> bool {
        self.remove_if(root, &|document| (self.id)(document) == Some(id))
    }

    /// Takes documents out; whether there were any. One on two pages counts once.
    pub fn remove_if(&self, root: &mut Value, goes: &dyn Fn(&Value) -> bool) -> bool {
        let mut gone: Vec<Value> = Vec::new();
        self.walk(root, &mut |document| {
            let goes = goes(document);
            if goes && !gone.contains(document) {
                gone.push(document.clone());
            }
            !goes
        });
        if !gone.is_empty()
            && let Some(list) = member_mut(root, "payloads").and_then(|payloads| member_mut(payloads, self.payload))
        {
            add_to_totals(list, self.keys, -(gone.len() as f64));
        }
        !gone.is_empty()
    }

    /// An id that is free, where the server would draw one: a placeholder, always the same.
    pub fn free_id(&self, root: &Value) -> String {
        let all = self.all(root);
        let mut number = 1;
        loop {
            let mut id = String::from("new-");
            push_whole(&mut id, number);
            if !all.iter().any(|document| (self.id)(document) == Some(&id)) {
                return id;
            }
            number += 1;
        }
    }

    /// One document in the place of the list.
    fn is_bare(&self, at: &Value) -> bool {
        matches!(at, Value::Map(_)) && (self.id)(at).is_some() && self.keys.iter().all(|key| at.get(key).is_none())
    }

    fn walk(&self, root: &mut Value, keep: &mut dyn FnMut(&mut Value) -> bool) {
        let Some(list) = member_mut(root, "payloads").and_then(|payloads| member_mut(payloads, self.payload)) else { return };
        if !self.is_bare(list) {
            walk(list, self.keys, keep);
        } else if !keep(list) {
            *list = Value::List(Vec::new());
        }
    }
}

/// The envelope's member that holds the list.
fn envelope<'k>(at: &Value, keys: &[&'k str]) -> Option<&'k str> {
    keys.iter().copied().find(|key| at.get(key).is_some())
}

/// One document in an envelope of its own.
fn is_single(inner: &Value, keys: &[&str]) -> bool {
    matches!(inner, Value::Map(_)) && envelope(inner, keys).is_none()
}

/// A page among items, as the loader tells them apart.
fn is_page(item: &Value, keys: &[&str]) -> bool {
    let holds_list = |at: &Value| keys.iter().filter_map(|key| at.get(key)).any(|inner| matches!(inner, Value::List(_)));
    matches!(item, Value::List(_)) || holds_list(item) || keys.iter().filter_map(|key| item.get(key)).any(holds_list)
}

fn collect<'v>(at: &'v Value, keys: &[&str], found: &mut Vec<&'v Value>) {
    match at {
        Value::List(items) => {
            for item in items {
                if is_page(item, keys) { collect(item, keys, found) } else { found.push(item) }
            }
        }
        Value::Map(_) => {
            let Some(inner) = envelope(at, keys).and_then(|key| at.get(key)) else { return };
            if is_single(inner, keys) { found.push(inner) } else { collect(inner, keys, found) }
        }
        _ => {}
    }
}

fn walk(at: &mut Value, keys: &[&str], keep: &mut dyn FnMut(&mut Value) -> bool) {
    match at {
        Value::List(items) => items.retain_mut(|item| {
            let page = is_page(item, keys);
            if page {
                walk(item, keys, keep);
            }
            page || keep(item)
        }),
        Value::Map(_) => {
            let Some(inner) = envelope(at, keys).and_then(|key| member_mut(at, key)) else { return };
            if !is_single(inner, keys) {
                walk(inner, keys, keep);
            } else if !keep(inner) {
                *inner = Value::List(Vec::new());
            }
        }
        _ => {}
    }
}

fn insert(at: &mut Value, keys: &[&str], document: Value) {
    match at {
        Value::List(items) => match items.last_mut().filter(|item| is_page(item, keys)) {
            Some(page) => insert(page, keys, document),
            None => items.push(document),
        },
        Value::Map(_) => {
            let Some(inner) = envelope(at, keys).and_then(|key| member_mut(at, key)) else { return };
            if is_single(inner, keys) {
                let only = std::mem::replace(inner, Value::Null);
                *inner = Value::List(vec![only, document]);
            } else {
                insert(inner, keys, document);
            }
        }
        _ => *at = Value::List(vec![document]),
    }
}

/// Where an envelope says how many there are, it goes on telling the truth.
fn add_to_totals(at: &mut Value, keys: &[&str], by: f64) {
    match at {
        Value::List(items) => items.iter_mut().filter(|item| is_page(item, keys)).for_each(|page| add_to_totals(page, keys, by)),
        Value::Map(_) => {
            add_to(at, by);
            if let Some(pagination) = member_mut(at, "meta").and_then(|meta| member_mut(meta, "pagination")) {
                add_to(pagination, by);
            }
            if let Some(inner) = envelope(at, keys).and_then(|key| member_mut(at, key))
                && !is_single(inner, keys)
            {
                add_to_totals(inner, keys, by);
            }
        }
        _ => {}
    }
}

fn add_to(at: &mut Value, by: f64) {
    for key in ["total", "totalItems", "totalCount"] {
        if let Some(Value::Number(total)) = member_mut(at, key) {
            *total = (*total + by).max(0.0);
        }
    }
}
