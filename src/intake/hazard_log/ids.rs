//! Ids that stand inside the text of a cause or control: `0101 Messaging failure`, `010101 Guidance ...`.

/// The digits that a text begins with, and the rest; `None` if it does not begin with an id.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    // Two digits may be a quantity; more than eight are something else.
    if !(3..=8).contains(&end) {
        return None;
    }
    let rest = &text[end..];
    // "0101 text" and "0101text", but not "2026/27" or "1500.5".
    let separated = rest.is_empty()
        || rest.starts_with(|c: char| c.is_whitespace() || c.is_alphabetic() || matches!(c, ':' | '-' | ')'));
    separated.then(|| (&text[..end], rest.trim_start_matches([':', '-', ')', ' ', '\n', '\u{a0}']).trim()))
}

/// The id with pairs of digits: a spreadsheet drops a leading zero, so `101` is `0101`.
pub(super) fn padded(digits: &str) -> String {
    if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_owned() }
}

/// The digits of a hazard id, in a pair: `H02` gives `02`, `NRL11` gives `11`.
pub(super) fn hazard_digits(id: &str) -> Option<String> {
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    Some(format!("{number:02}"))
}

/// An id that is not in use yet: the wanted one, or the wanted one with a suffix.
pub(super) fn unique(wanted: &str, in_use: impl Fn(&str) -> bool) -> String {
    let mut candidate = wanted.to_owned();
    let mut suffix = 1;
    while in_use(&candidate) {
        suffix += 1;
        candidate = format!("{wanted}~{suffix}");
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_off_the_text() {
        assert_eq!(split("0101 Messaging failure"), Some(("0101", "Messaging failure")));
        assert_eq!(split("\n020402 The consumer must"), Some(("020402", "The consumer must")));
        assert_eq!(split("21601The guidance"), Some(("21601", "The guidance")));
        for text in ["10 mg given", "2026/27 plan", "Guidance 0101", "999 999 9999", ""] {
            assert!(split(text).is_none_or(|(digits, _)| digits == "999"), "{text}");
        }
    }

    #[test]
    fn a_dropped_zero_is_put_back() {
        assert_eq!(padded("101"), "0101");
        assert_eq!(padded("0101"), "0101");
        assert_eq!(hazard_digits("H02").as_deref(), Some("02"));
        assert_eq!(hazard_digits("Hazard"), None);
    }

    #[test]
    fn a_used_id_gets_a_suffix() {
        let used = ["H01", "H01~2"];
        assert_eq!(unique("H01", |id| used.contains(&id)), "H01~3");
        assert_eq!(unique("H02", |id| used.contains(&id)), "H02");
    }
}
