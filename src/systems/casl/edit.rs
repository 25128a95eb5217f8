//! Plain CASL rules: named lists, which no server guards. `/rules/{name}` is replaced, read and deleted as a whole.

use crate::systems::native::edit::{content_etag, not_stale};
use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Step};
use crate::writes::request::Request;
use crate::writes::tree::{member_mut, set, unset};

pub fn edit(root: &mut Value, request: &Request) -> Done {
    let segments = request.segments();
    let ["rules", name] = segments.as_slice() else { return Err(request.unknown()) };
    let known = root.get("payloads").and_then(|payloads| payloads.get(name)).cloned();
    let missing = || request.refuse(EditCode::NotFound, 404, "path", "NW6", format!("there is no list `{name}`"));
    let Some(payloads) = member_mut(root, "payloads") else { return Err(missing()) };
    match request.method() {
        "GET" => {
            let list = known.ok_or_else(missing)?;
            Ok(Step { etag: Some(content_etag(&list)), ..Step::unchanged(200).with_body(list) })
        }
        "PUT" => {
            not_stale(request, known.as_ref())?;
            let Some(list @ Value::List(_)) = request.body() else {
                return Err(request.refuse(EditCode::Invalid, 400, "body", "NW1", "expected the list of rules"));
            };
            set(payloads, name, list.clone());
            Ok(Step { etag: Some(content_etag(list)), ..Step::changed(if known.is_some() { 200 } else { 201 }) })
        }
        "DELETE" => {
            not_stale(request, Some(&known.ok_or_else(missing)?))?;
            unset(payloads, name);
            Ok(Step::changed(204))
        }
        _ => Err(request.unknown()),
    }
}
