//! How a permission's text is taken apart.

use crate::base::terms::Spelling;
use crate::base::text;

/// A permission's text, taken apart.
#[derive(Debug, Clone)]
pub struct Spelled<'a> {
    pub action: Vec<&'a str>,
    pub resource: Vec<&'a str>,
}

/// Takes a permission's text apart as the system spells it.
#[must_use]
pub fn spell(spelling: Spelling, text: &str) -> Spelled<'_> {
    let mut spelled = Spelled { action: Vec::new(), resource: Vec::new() };
    match spelling {
        Spelling::Path | Spelling::Ace => match text::cut(text, b':') {
            (resource, Some(action)) => {
                spelled.action = text::split(action, b':');
                spelled.resource = text::split(resource, b'/');
            }
            _ if spelling == Spelling::Ace => spelled.resource = text::split(text, b'/'),
            _ => spelled.action.push(text),
        },
        Spelling::Typed => match text::word(text::trim(text)) {
            (action, Some(subject)) => {
                spelled.action.push(action);
                spelled.resource.push(text::trim(subject));
            }
            _ => spelled.action.push(text),
        },
        Spelling::Flat => spelled.action.push(text),
    }
    spelled
}
