//! How a permission's text is taken apart.

use crate::model::Spelling;

/// A permission's text, taken apart.
#[derive(Debug, Clone)]
pub struct Spelled<'a> {
    pub action: Vec<&'a str>,
    pub resource: Vec<&'a str>,
}

/// Takes a permission's text apart as the system spells it.
#[must_use]
pub fn spell(spelling: Spelling, text: &str) -> Spelled<'_> {
    match spelling {
        Spelling::Flat => Spelled { action: vec![text], resource: Vec::new() },
        Spelling::Path | Spelling::Ace => match text.split_once(':') {
            Some((resource, action)) => Spelled { action: action.split(':').collect(), resource: resource.split('/').collect() },
            None if spelling == Spelling::Ace => Spelled { action: Vec::new(), resource: text.split('/').collect() },
            None => Spelled { action: vec![text], resource: Vec::new() },
        },
        Spelling::Typed => match text.trim().split_once(char::is_whitespace) {
            Some((action, subject)) => Spelled { action: vec![action], resource: vec![subject.trim_start()] },
            None => Spelled { action: vec![text], resource: Vec::new() },
        },
    }
}
