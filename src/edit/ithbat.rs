use super::answer::Done;
use super::request::Request;
use crate::value::Value;
pub fn edit(_root: &mut Value, request: &Request) -> Done {
    Err(request.unknown())
}
