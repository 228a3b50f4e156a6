//! Ids of hazards, causes and controls, as logs write them: in a column of their own or at the head of the text.
//!
//! `0101 Messaging failure` and `010101 Guidance` count in pairs of digits, of which a spreadsheet drops a
//! leading zero; `1.02.02 Alarm` counts in steps; `H01-C2-M3 Alarm` and `CA-001: Network` have letters. A text
//! may begin with something that looks like an id and is none ("1.5 mg", "COVID-19 surge"), so a column is
//! taken to have ids only where most of its texts begin with one, and different texts with different ones.

use rustc_hash::{FxHashMap, FxHashSet};

/// How the ids of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `0101`.
    Digits,
    /// `1.02.02`.
    Steps,
    /// `H01-C2-M3`, `CA-001`.
    Letters,
}

impl Style {
    const ALL: [Self; 3] = [Self::Digits, Self::Steps, Self::Letters];

    /// The style of the ids that these texts begin with; `None` if most begin with none.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let texts: Vec<&str> = texts.map(str::trim).filter(|text| !text.is_empty()).collect();
        // Most columns have none, and to put thousands of lines together takes longer than to look at each.
        let seen: Vec<Self> = Self::ALL
            .into_iter()
            .filter(|style| texts.iter().any(|text| style.split(text).is_some()))
            .collect();
        if seen.is_empty() {
            return None;
        }
        let texts: FxHashSet<&str> = texts.into_iter().collect();
        let has_ids = |style: &Self| {
            let found: Vec<&str> = texts.iter().filter_map(|text| Some(style.split(text)?.0)).collect();
            let distinct = found.iter().collect::<FxHashSet<_>>().len();
            found.len() * 2 >= texts.len() && !found.is_empty() && distinct * 2 > found.len()
                // One text is no column: digits alone may be an amount, but letters with a number are a name.
                && (found.len() > 1 || *style == Self::Digits)
        };
        seen.into_iter().find(has_ids)
    }

    /// The id that a text begins with, and the rest; `None` if it does not begin with one.
    pub(super) fn split(self, text: &str) -> Option<(&str, &str)> {
        let text = text.trim();
        let end = match self {
            Self::Digits => digits_end(text),
            Self::Steps => steps_end(text),
            Self::Letters => letters_end(text),
        }?;
        let rest = &text[end..];
        // "0101 text" and "0101text", but not "2026/27", "2026-09-14" or "1500.5".
        let separated = rest.is_empty()
            || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | ')' | '.'))
            || self == Self::Digits && rest.starts_with(char::is_alphabetic);
        let sign = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | ')' | '.');
        let is_number = rest.starts_with(['.', '-']) && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        (separated && !is_number).then(|| (&text[..end], rest.trim_start_matches(sign).trim_end()))
    }
}

fn digits_end(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    // Two digits may be a quantity; more than eight are something else.
    (3..=8).contains(&end).then_some(end)
}

/// `1.02` and `1.02.02`: up to three digits a step.
fn steps_end(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let steps = text[..end].trim_end_matches('.');
    let mut parts = 0;
    for part in steps.split('.') {
        parts += 1;
        if !(1..=3).contains(&part.len()) {
            return None;
        }
    }
    (2..=4).contains(&parts).then_some(steps.len())
}

/// `CA-001` and `H01-C2-M3`: capitals and a number, and steps of the same kind.
fn letters_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let run = |from: usize, is: fn(&u8) -> bool| bytes[from..].iter().take_while(|byte| is(byte)).count();
    let mut end = 0;
    let mut steps = 0;
    loop {
        let sign = usize::from(steps > 0 && matches!(bytes.get(end), Some(b'-' | b'.' | b'_' | b'/')));
        let letters = run(end + sign, u8::is_ascii_uppercase);
        let inner = usize::from(letters > 0 && matches!(bytes.get(end + sign + letters), Some(b'-' | b'_')));
        let digits = run(end + sign + letters + inner, u8::is_ascii_digit);
        let wanted = if steps == 0 { letters > 0 } else { letters > 0 || sign > 0 };
        if !wanted || letters > 5 || !(1..=4).contains(&digits) {
            break;
        }
        end += sign + letters + inner + digits;
        steps += 1;
    }
    (steps > 0).then_some(end)
}

/// Whether an id is nothing but digits.
pub(super) fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// The id with pairs of digits: a spreadsheet drops a leading zero, so `101` is `0101`.
pub(super) fn padded(id: &str) -> String {
    if is_number(id) && id.len() % 2 == 1 { format!("0{id}") } else { id.to_owned() }
}

/// The digits of a hazard id, in a pair: `H02` gives `02`, `NRL11` gives `11`.
pub(super) fn hazard_digits(id: &str) -> Option<String> {
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    Some(format!("{number:02}"))
}

/// What does not distinguish hazard numbers: case, space and zeros before the number. `h1` and `H 01` are one.
pub(super) fn same_number(id: &str) -> String {
    let plain: String = id.split_whitespace().flat_map(str::chars).flat_map(char::to_uppercase).collect();
    let number = plain.find(|c: char| c.is_ascii_digit()).unwrap_or(plain.len());
    let (letters, number) = plain.split_at(number);
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let zeros = number[..end].bytes().take_while(|byte| *byte == b'0').count();
    // A number of nothing but zeros keeps the last.
    format!("{letters}{}", &number[if zeros == end { end.saturating_sub(1) } else { zeros }..])
}

/// Whether one id names a part of what the other names: `1.02.02` of `1.02`, `H01-C2` of `H01`, `010101` of `0101`.
pub(super) fn is_part(id: &str, whole: &str) -> bool {
    let Some(rest) = id.strip_prefix(whole).filter(|_| !whole.is_empty()) else { return false };
    let in_pairs = is_number(id);
    !rest.is_empty() && (in_pairs || !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether an id names a part of the hazard with this number: `0101` of `H01`, `1.02` of `1`, `H01-C2` of `H01`.
pub(super) fn is_of_hazard(id: &str, number: &str) -> bool {
    let digits = hazard_digits(number);
    if is_number(id) {
        return id.starts_with(&digits.unwrap_or_default());
    }
    wholes(id).any(|whole| {
        same_number(whole) == same_number(number) || is_number(whole) && hazard_digits(whole) == digits
    })
}

/// The wholes that an id may name a part of, the shortest first: `H01`, `H01-C2` for `H01-C2-M3`.
pub(super) fn wholes(id: &str) -> impl Iterator<Item = &str> {
    let in_pairs = is_number(id);
    id.char_indices()
        .skip(1)
        .map(|(at, _)| &id[..at])
        .filter(move |whole| if in_pairs { (2..=4).contains(&whole.len()) } else { is_part(id, whole) })
}

/// Ids that are in use, and the ones that are made of them where one is wanted twice.
#[derive(Debug, Default)]
pub(super) struct InUse {
    ids: FxHashSet<String>,
    /// The last suffix that was given to each id that was wanted again.
    suffixes: FxHashMap<String, u32>,
}

impl InUse {
    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// The wanted id, or the wanted one with a suffix if it is in use; it is then in use.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        if self.ids.insert(wanted.to_owned()) {
            return wanted.to_owned();
        }
        let suffix = self.suffixes.entry(wanted.to_owned()).or_insert(1);
        loop {
            *suffix += 1;
            let candidate = format!("{wanted}~{suffix}");
            if self.ids.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_off_the_text() {
        let digits = |text| Style::Digits.split(text);
        assert_eq!(digits("0101 Messaging failure"), Some(("0101", "Messaging failure")));
        assert_eq!(digits("\n020402 The consumer must"), Some(("020402", "The consumer must")));
        assert_eq!(digits("21601The guidance"), Some(("21601", "The guidance")));
        for text in ["10 mg given", "2026/27 plan", "Guidance 0101", "1500.5 mg", "2026-09-14 reviewed", ""] {
            assert_eq!(digits(text), None, "{text}");
        }
        let steps = |text| Style::Steps.split(text);
        assert_eq!(steps("1.02.02 Alarm"), Some(("1.02.02", "Alarm")));
        assert_eq!(steps("1.2. Network"), Some(("1.2", "Network")));
        for text in ["1 Network", "1.2mg", "10.1000 units", "1.02/3"] {
            assert_eq!(steps(text), None, "{text}");
        }
        let letters = |text| Style::Letters.split(text);
        assert_eq!(letters("H01-C2-M3 Alarm"), Some(("H01-C2-M3", "Alarm")));
        assert_eq!(letters("CA-001: Network"), Some(("CA-001", "Network")));
        assert_eq!(letters("H1.2 – Network"), Some(("H1.2", "Network")));
        for text in ["Network", "A network", "H7N9x", "C2a", "TRIAGE-fails 1"] {
            assert_eq!(letters(text), None, "{text}");
        }
    }

    #[test]
    fn a_column_has_ids_only_where_most_texts_begin_with_one_of_their_own() {
        let style = |texts: &[&str]| Style::of(texts.iter().copied());
        assert_eq!(style(&["0101 a", "0102 b", "c"]), Some(Style::Digits));
        assert_eq!(style(&["1.01 a", "1.02 b"]), Some(Style::Steps));
        assert_eq!(style(&["H1-C1 a", "H1-C2 b", "H2-C1 c"]), Some(Style::Letters));
        assert_eq!(style(&["1.5 mg is given", "The dose is wrong", "The unit is wrong"]), None);
        assert_eq!(style(&["COVID-19 surge", "COVID-19 rules change", "COVID-19 leave"]), None);
        assert_eq!(style(&["B12 deficiency"]), None);
        assert_eq!(style(&[]), None);
    }

    #[test]
    fn a_dropped_zero_is_put_back() {
        assert_eq!(padded("101"), "0101");
        assert_eq!(padded("0101"), "0101");
        assert_eq!(padded("1.02"), "1.02");
        assert_eq!(hazard_digits("H02").as_deref(), Some("02"));
        assert_eq!(hazard_digits("Hazard"), None);
    }

    #[test]
    fn hazard_numbers_differ_in_more_than_zeros_and_space() {
        assert_eq!(same_number("H01"), same_number("h 1"));
        assert_eq!(same_number("H010"), same_number("H10"));
        for (one, other) in [("H1", "H10"), ("H01", "NRL01"), ("H100", "H10"), ("H0", "H1"), ("1.02", "1.2")]
        {
            assert_ne!(same_number(one), same_number(other), "{one} {other}");
        }
    }

    #[test]
    fn an_id_names_what_it_is_a_part_of() {
        for (id, whole) in [("1.02.02", "1.02"), ("H01-C2", "H01"), ("010101", "0101"), ("H1C2", "H1")] {
            assert!(is_part(id, whole), "{id} {whole}");
        }
        for (id, whole) in [("1.02", "1.02"), ("H10-C1", "H1"), ("1.023", "1.02"), ("2.01", "1"), ("a", "")] {
            assert!(!is_part(id, whole), "{id} {whole}");
        }
        assert_eq!(wholes("1.02.02").collect::<Vec<_>>(), ["1", "1.02"]);
        assert!(wholes("H01-C2-M3").any(|whole| whole == "H01-C2"));
        assert!(wholes("010203").eq(["01", "010", "0102"]));
    }

    #[test]
    fn a_used_id_gets_a_suffix() {
        let mut in_use = InUse::default();
        let claimed: Vec<_> = ["H01", "H01~2", "H01", "H01", "H02"].map(|id| in_use.claim(id)).into();
        assert_eq!(claimed, ["H01", "H01~2", "H01~3", "H01~4", "H02"]);
        assert!(in_use.has("H01~4") && !in_use.has("H03"));
    }
}
