//! Who is in which group, and what that takes.

use super::documents::is_kind;
use super::{ASSIGNMENTS, GROUPS, USERS, forget_scopes, is_true, member, with_id};
use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{self, items, set, text};

/// The groups that the platform makes for every legal entity (EW2, EW11).
const PREDEFINED: [&str; 4] = ["B2B_ADMIN", "B2B_BUYER", "B2B_REQUESTER", CONTACT];
const CONTACT: &str = "B2B_CONTACT";

pub fn is_predefined(group: &Value) -> bool {
    is_true(group, "predefined") || member(group, "code").is_some_and(|code| PREDEFINED.contains(&code))
}

pub fn kind(group: &Value) -> &str {
    member(group, "userType").unwrap_or("EMPLOYEE")
}

fn reference(item: &Value) -> Option<&str> {
    item.as_text().or_else(|| tree::id(item))
}

fn is_assignment(assignment: &Value, group: Option<&str>, user: Option<&str>) -> bool {
    let is = |key: &str, wanted: Option<&str>| wanted.is_none() || member(assignment, key) == wanted;
    is("groupId", group) && is("userId", user)
}

fn lists_group(user: &Value, group: &str) -> bool {
    ["groupIds", "groups"].iter().any(|key| items(user.get(key)).iter().any(|item| reference(item) == Some(group)))
}

/// Who is in a group, by assignment or by the user's own document; each once.
pub fn members_of(root: &Value, group: &str) -> Vec<String> {
    let mut members: Vec<String> = Vec::new();
    let assigned =
        ASSIGNMENTS.all(root).into_iter().filter(|one| is_assignment(one, Some(group), None)).filter_map(|one| member(one, "userId"));
    let listed = USERS.all(root).into_iter().filter(|user| lists_group(user, group)).filter_map(tree::id);
    for user in listed.chain(assigned) {
        if !members.iter().any(|known| known == user) {
            members.push(user.into());
        }
    }
    members
}

/// The groups that somebody is in.
pub fn groups_of(root: &Value, user: &str) -> Vec<String> {
    let in_it = |group: &&str| members_of(root, group).iter().any(|member| member == user);
    let mut groups: Vec<String> = GROUPS.all(root).into_iter().filter_map(tree::id).filter(in_it).map(Into::into).collect();
    groups.dedup();
    groups
}

/// Takes members out of groups wherever that is written down.
pub fn leave(root: &mut Value, group: Option<&str>, user: Option<&str>) {
    ASSIGNMENTS.remove_if(root, &|assignment| is_assignment(assignment, group, user));
    USERS.each(root, &mut |document| {
        if user.is_some() && tree::id(document) != user {
            return;
        }
        for key in ["groupIds", "groups"] {
            if let Some(Value::List(list)) = tree::member_mut(document, key) {
                list.retain(|item| group.is_some() && reference(item) != group);
            }
        }
    });
}

/// Puts somebody into a group, in the user's own document if there is one.
pub fn join(root: &mut Value, group: &Value, user: &str) {
    let id = tree::id(group).unwrap_or_default();
    USERS.each(root, &mut |document| {
        if tree::id(document) != Some(user) || lists_group(document, id) {
            return;
        }
        match tree::member_mut(document, "groupIds") {
            Some(Value::List(list)) => list.push(text(id)),
            _ => set(document, "groupIds", tree::texts(&[id])),
        }
        if let Some(Value::List(list)) = tree::member_mut(document, "groups") {
            let shown = ["id", "name", "description", "code", "userType"];
            let members = shown.iter().filter_map(|key| Some(((*key).into(), group.get(key)?.clone())));
            list.push(Value::Map(members.collect()));
        }
    });
}

/// Whether somebody may be put into these groups, beside those they are in.
pub fn check_joining(root: &Value, request: &Request, place: &str, groups: &[&Value], others: &[String]) -> Result<(), Fault> {
    let present = others.iter().filter_map(|id| GROUPS.find(root, id));
    let all: Vec<&Value> = present.chain(groups.iter().copied()).collect();
    let refusal = conflict(&all).map(|(rule, message)| request.refuse(EditCode::Invalid, 400, place, rule, message));
    refusal.map_or(Ok(()), Err)
}

/// What speaks against somebody being in all of some groups: the rule, and a sentence.
pub fn conflict(all: &[&Value]) -> Option<(&'static str, &'static str)> {
    let mut vendor = None;
    for group in all.iter().filter(|group| kind(group) == "EMPLOYEE") {
        // EW10: one vendor, or none, in all of them.
        let theirs = member(group, "vendorId");
        if *vendor.get_or_insert(theirs) != theirs {
            return Some(("EW10", "the groups of an employee must all be of one vendor"));
        }
    }
    let entity = |group: &Value| group.get("b2b").and_then(|b2b| b2b.get("legalEntityId")).cloned();
    let exclusive = |group: &&&Value| is_predefined(group) && kind(group) == "CUSTOMER" && member(group, "code") != Some(CONTACT);
    let predefined: Vec<&&Value> = all.iter().filter(exclusive).collect();
    for (index, group) in predefined.iter().enumerate() {
        // EW11
        if predefined.iter().take(index).any(|other| entity(other) == entity(group) && tree::id(other) != tree::id(group)) {
            return Some(("EW11", "a customer can be in only one of the predefined groups of a legal entity"));
        }
    }
    None
}

fn known_group(root: &Value, request: &Request, id: &str) -> Result<Value, Fault> {
    let missing = || request.refuse(EditCode::NotFound, 404, "path", "EW8", format!("there is no group `{id}`"));
    GROUPS.find(root, id).cloned().ok_or_else(missing)
}

/// EW8.
fn assign(root: &mut Value, request: &Request, group: &Value, asked: (&str, &str), user: &str) -> Done {
    let (place, wanted) = asked;
    let id = tree::id(group).unwrap_or_default();
    let types = !is_kind(wanted);
    if types || kind(group) != wanted {
        let what =
            if types { "is no type of user; expected `CUSTOMER` or `EMPLOYEE`" } else { "is not the type of user that the group is for" };
        return Err(request.refuse(EditCode::Invalid, 400, place, "EW8", format!("`{wanted}` {what}")));
    }
    let others: Vec<String> = groups_of(root, user).into_iter().filter(|other| other != id).collect();
    check_joining(root, request, "path", &[group], &others)?;
    let assignment_id = request.id().map_or_else(|| ASSIGNMENTS.free_id(root), Into::into);
    if ASSIGNMENTS.find(root, &assignment_id).is_some() {
        return Err(request.bad("context.id", "the id is taken"));
    }
    let assignment = vec![
        ("id".into(), text(&assignment_id)),
        ("groupId".into(), text(id)),
        ("userId".into(), text(user)),
        ("userType".into(), text(wanted)),
    ];
    ASSIGNMENTS.put(root, &Value::Map(assignment));
    join(root, group, user);
    let step = Step::changed(201).with_body(with_id(&assignment_id));
    Ok(forget_scopes(root, &[user.into()], step))
}

pub fn add_member(root: &mut Value, request: &Request, id: &str) -> Done {
    let group = known_group(root, request, id)?;
    request.members("EW8")?;
    let missing = || request.refuse(EditCode::Invalid, 400, "body", "EW8", "an assignment needs a `userId`");
    let user = request.text("userId", "EW8")?.filter(|user| !user.is_empty()).ok_or_else(missing)?;
    let wanted = request.text("userType", "EW8")?.unwrap_or_else(|| kind(&group));
    if members_of(root, id).iter().any(|member| member == user) {
        return Ok(Step::unchanged(201).note("the user is in the group already; what the server answers then is not documented"));
    }
    assign(root, request, &group, ("body.userType", wanted), user)
}

/// EW8: who is in it already stays as they are, whatever type is asked for.
pub fn put_member(root: &mut Value, request: &Request, id: &str, wanted: &str, user: &str) -> Done {
    let group = known_group(root, request, id)?;
    if is_kind(wanted) && members_of(root, id).iter().any(|member| member == user) {
        return Ok(Step::unchanged(204));
    }
    assign(root, request, &group, ("path", wanted), user)
}

pub fn remove_member(root: &mut Value, id: &str, user: &str) -> Step {
    leave(root, Some(id), Some(user));
    forget_scopes(root, &[user.into()], Step::changed(204))
}

pub fn clear_group(root: &mut Value, request: &Request, id: &str) -> Done {
    known_group(root, request, id)?;
    let members = members_of(root, id);
    leave(root, Some(id), None);
    Ok(forget_scopes(root, &members, Step::changed(204)))
}
