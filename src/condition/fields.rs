//! Field lists of CASL rules, with their patterns (casl 1.6).

/// Whether one of the listed fields or patterns matches the field asked for.
///
/// A list without any `*` is exact. With one, `*` stands for text without a dot and `**` for any text but a line break;
/// it takes at least one character where the pattern begins with a star or the star stands between two dots; a star
/// group at the end may be absent together with its dot.
#[must_use]
pub fn field_matches(list: &[Box<str>], field: &str) -> bool {
    if list.iter().any(|pattern| pattern.bytes().any(|byte| byte == b'*')) {
        list.iter().any(|pattern| Glob::new(pattern).matches(field))
    } else {
        list.iter().any(|name| name.as_ref() == field)
    }
}

#[derive(Clone, Copy)]
enum Token {
    Literal(char),
    /// Any run of characters that `dots` allows, at least `least` long.
    Run {
        dots: bool,
        least: usize,
    },
}

struct Glob {
    tokens: Vec<Token>,
    /// From here on the rest may be absent as a whole.
    optional_from: usize,
}

impl Glob {
    fn new(pattern: &str) -> Self {
        let chars: Vec<char> = pattern.chars().collect();
        let at = |index: usize| chars.get(index).copied();
        let mut tokens = Vec::new();
        let mut optional_from = usize::MAX;
        let mut index = 0;
        while let Some(c) = at(index) {
            let starts_with_dot = c == '.' && at(index + 1) == Some('*');
            if c != '*' && !starts_with_dot {
                tokens.push(Token::Literal(c));
                index += 1;
                continue;
            }
            let begin = index;
            let stars_from = index + usize::from(starts_with_dot);
            let stars = chars.iter().skip(stars_from).take_while(|c| **c == '*').count();
            let after = stars_from + stars;
            let ends_with_dot = at(after) == Some('.');
            let end = after + usize::from(ends_with_dot);
            let least = usize::from(at(0) == Some('*') || (starts_with_dot && ends_with_dot));
            if end == chars.len() {
                optional_from = tokens.len();
            }
            if starts_with_dot {
                tokens.push(Token::Literal('.'));
            }
            tokens.push(Token::Run { dots: stars > 1, least });
            if ends_with_dot {
                tokens.push(Token::Literal('.'));
            }
            index = end.max(begin + 1);
        }
        Self { tokens, optional_from }
    }

    /// Follows all readings at once, so that no pattern makes it slow: tokens × characters.
    fn matches(&self, field: &str) -> bool {
        // By token, whether a reading is at it; the last is the end.
        let mut states = vec![false; self.tokens.len() + 1];
        self.enter(0, &mut states);
        for c in field.chars() {
            let mut next = vec![false; states.len()];
            for (index, (token, _)) in self.tokens.iter().zip(&states).enumerate().filter(|(_, (_, here))| **here) {
                match token {
                    Token::Literal(literal) if *literal == c => self.enter(index + 1, &mut next),
                    Token::Run { dots, .. } if Self::runs_over(*dots, c) => {
                        set(next.get_mut(index));
                        self.enter(index + 1, &mut next);
                    }
                    _ => {}
                }
            }
            states = next;
        }
        states.last() == Some(&true)
    }

    fn runs_over(dots: bool, c: char) -> bool {
        if dots { !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}') } else { c != '.' }
    }

    fn enter(&self, index: usize, states: &mut [bool]) {
        set(states.get_mut(index));
        if index == self.optional_from {
            set(states.last_mut());
        }
        // No run stands behind another.
        if let Some(Token::Run { least: 0, .. }) = self.tokens.get(index) {
            self.enter(index + 1, states);
        }
    }
}

fn set(state: Option<&mut bool>) {
    if let Some(state) = state {
        *state = true;
    }
}

#[cfg(test)]
mod tests {
    use super::field_matches;

    #[track_caller]
    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let list = [pattern.into()];
        for field in yes {
            assert!(field_matches(&list, field), "{pattern} should match {field}");
        }
        for field in no {
            assert!(!field_matches(&list, field), "{pattern} should not match {field}");
        }
    }

    #[test]
    fn patterns_of_the_casl_table() {
        check("author.*", &["author", "author.", "author.x", "author.*"], &["author.x.y", "authors"]);
        check("author.**", &["author", "author.x", "author.x.y"], &["authors"]);
        check("*.name", &["x.name"], &["name", ".name", "x.y.name"]);
        check("author.*.city", &["author.x.city"], &["author.city", "author..city", "author.x.y.city"]);
        check("a.*b", &["a.b", "a.xb"], &["ab", "a.x.b"]);
        check("plain", &["plain"], &["plai", "plain.x"]);
    }
}
