//! Field lists of CASL rules, with their patterns (casl-semantics 1.6).

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

    /// Follows all readings at once, so that no pattern makes it slow: states × characters at the most.
    fn matches(&self, field: &str) -> bool {
        let mut states = States::default();
        let mut next = States::default();
        self.enter(0, &mut states);
        for c in field.chars() {
            next.clear();
            for index in &states.tokens {
                match self.tokens.get(*index) {
                    Some(Token::Literal(literal)) if *literal == c => self.enter(index + 1, &mut next),
                    Some(Token::Run { dots, .. }) if Self::runs_over(*dots, c) => {
                        next.add(*index);
                        self.enter(index + 1, &mut next);
                    }
                    _ => {}
                }
            }
            std::mem::swap(&mut states, &mut next);
        }
        states.tokens.contains(&self.tokens.len())
    }

    fn runs_over(dots: bool, c: char) -> bool {
        if dots { !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}') } else { c != '.' }
    }

    /// A run that was entered before, or goes on, has passed on by itself what may follow it.
    fn enter(&self, index: usize, states: &mut States) {
        if index == self.optional_from {
            states.add(self.tokens.len());
        }
        if states.add(index)
            && let Some(Token::Run { least: 0, .. }) = self.tokens.get(index)
        {
            self.enter(index + 1, states);
        }
    }
}

/// Places in a pattern, each once.
#[derive(Default)]
struct States {
    tokens: Vec<usize>,
    /// By place, whether it is among them.
    known: Vec<bool>,
}

impl States {
    /// Whether it is new.
    fn add(&mut self, token: usize) -> bool {
        if token >= self.known.len() {
            self.known.resize(token + 1, false);
        }
        let Some(known) = self.known.get_mut(token) else { return false };
        let new = !std::mem::replace(known, true);
        if new {
            self.tokens.push(token);
        }
        new
    }

    fn clear(&mut self) {
        self.tokens.clear();
        self.known.fill(false);
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
