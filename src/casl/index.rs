//! Which rules are on an action and a type.

use crate::base::table::{pair, sort};

/// Rules by subject and action.
#[derive(Debug)]
pub struct Index {
    any_action: u32,
    any_subject: u32,
    /// Subject and action, how early CASL's index would list it, and the rule.
    entries: Vec<(u64, u32, u32)>,
}

impl Index {
    pub const fn new(any_action: u32, any_subject: u32) -> Self {
        Self { any_action, any_subject, entries: Vec::new() }
    }

    /// Enters the next rule.
    pub fn enter(&mut self, rule: u32, actions: &[u32], subjects: &[u32]) {
        // From the last rule to the first, but through the names of one rule as they are written.
        let mut within = 0;
        for subject in subjects {
            for action in actions {
                self.entries.push((pair(*subject, *action), within, rule));
                within += 1;
            }
        }
    }

    /// Puts what was entered in order.
    pub fn finish(&mut self) {
        let mut order: Vec<(u32, u32, usize)> =
            self.entries.iter().enumerate().map(|(at, (_, within, rule))| (u32::MAX - rule, *within, at)).collect();
        sort(&mut order);
        for (early, (_, _, at)) in (0..).zip(&order) {
            if let Some(entry) = self.entries.get_mut(*at) {
                entry.1 = early;
            }
        }
        sort(&mut self.entries);
    }

    fn on(&self, subject: u32, action: u32) -> &[(u64, u32, u32)] {
        let key = pair(subject, action);
        let from = self.entries.partition_point(|entry| entry.0 < key);
        let to = self.entries.partition_point(|entry| entry.0 <= key);
        self.entries.get(from..to).unwrap_or_default()
    }

    /// The rules on an action and a type, the last of the list first.
    pub fn possible(&self, action: u32, subject: u32) -> Vec<u32> {
        let mut found = Vec::new();
        for subject in once_each(subject, self.any_subject) {
            for action in once_each(action, self.any_action) {
                let rules: Vec<u32> = self.on(subject, action).iter().map(|entry| entry.2).collect();
                found = merge(found, rules);
            }
        }
        found
    }

    /// The actions of a type, then those of any type.
    pub fn actions(&self, subject: u32) -> Vec<u32> {
        let mut actions = Vec::new();
        for subject in once_each(subject, self.any_subject) {
            let from = self.entries.partition_point(|entry| entry.0 < pair(subject, 0));
            let mut here: Vec<(u32, u32)> = Vec::new();
            for (key, early, _) in self.entries.iter().skip(from).take_while(|entry| (entry.0 >> 32) as u32 == subject) {
                here.push((*early, *key as u32));
            }
            sort(&mut here);
            for (_, action) in here {
                if !actions.contains(&action) {
                    actions.push(action);
                }
            }
        }
        actions
    }
}

/// A name and the one that stands for any, unless they are the same.
fn once_each(name: u32, any: u32) -> impl Iterator<Item = u32> {
    [Some(name), (name != any).then_some(any)].into_iter().flatten()
}

/// Two lists of rules as one, highest first. A rule in both counts once; one that is in a list twice stays there twice.
fn merge(first: Vec<u32>, second: Vec<u32>) -> Vec<u32> {
    if first.is_empty() {
        return second;
    }
    let mut merged = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    loop {
        match (first.peek(), second.peek()) {
            (Some(a), Some(b)) => {
                if a >= b {
                    if a == b {
                        second.next();
                    }
                    merged.extend(first.next());
                } else {
                    merged.extend(second.next());
                }
            }
            (Some(_), None) => merged.extend(first.next()),
            (None, Some(_)) => merged.extend(second.next()),
            (None, None) => return merged,
        }
    }
}
