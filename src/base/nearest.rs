//! The name that a misspelt one was meant for.

/// Longer names are nobody's misspelling of a short one.
const LONGEST: usize = 40;

/// The known name that is nearest to one that nobody knows, if one is near: alike but for case, or but for a letter in three that is
/// missing, added, changed or changed places with its neighbour; two at most.
pub fn nearest<'n>(given: &str, known: &[&'n str]) -> Option<&'n str> {
    let most = (given.len() / 3).clamp(1, 2);
    let mut best = None;
    for name in known {
        let steps = distance(given.as_bytes(), name.as_bytes());
        if steps <= most && best.is_none_or(|(fewest, _)| steps < fewest) {
            best = Some((steps, *name));
        }
    }
    best.map(|(_, name)| name)
}

/// How many letters have to be touched to make one of the other, whatever their case.
fn distance(one: &[u8], other: &[u8]) -> usize {
    if one.len().max(other.len()) > LONGEST || one.len().abs_diff(other.len()) > 2 {
        return usize::MAX;
    }
    let mut before = [0_usize; LONGEST + 1];
    let mut above: [usize; LONGEST + 1] = std::array::from_fn(|at| at);
    let mut last = 0;
    for (row, letter) in one.iter().map(u8::to_ascii_lowercase).enumerate() {
        let mut line = [row + 1; LONGEST + 1];
        let mut left = row + 1;
        let mut passed = 0;
        for (column, wanted) in other.iter().map(u8::to_ascii_lowercase).enumerate() {
            let of = |line: &[usize; LONGEST + 1], at: usize| line.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut steps = (of(&above, column) + usize::from(letter != wanted)).min(of(&above, column + 1) + 1).min(left + 1);
            if row > 0 && column > 0 && letter == passed && wanted == last {
                steps = steps.min(of(&before, column - 1) + 1);
            }
            if let Some(place) = line.get_mut(column + 1) {
                *place = steps;
            }
            left = steps;
            passed = wanted;
        }
        before = above;
        above = line;
        last = letter;
    }
    above.get(other.len()).copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn what_is_misspelt_has_a_name_nearby_and_what_is_something_else_has_none() {
        let known = ["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "attributes", "now"];
        let near = [
            ("tennant", "tenant"),
            ("Tenant", "tenant"),
            ("tenat", "tenant"),
            ("tneant", "tenant"),
            ("sessionScope", "sessionScopes"),
            ("sessionscopes", "sessionScopes"),
            ("legalEntity", "legalEntityId"),
            ("role", "roles"),
            ("rolse", "roles"),
            ("nwo", "now"),
            ("atributes", "attributes"),
        ];
        for (given, wanted) in near {
            assert_eq!(nearest(given, &known), Some(wanted), "{given}");
        }
        for given in ["", "x", "id", "note", "rule", "scopes", "system", "expected", "é", &"tenant".repeat(20)] {
            assert_eq!(nearest(given, &known), None, "{given}");
        }
    }
}
