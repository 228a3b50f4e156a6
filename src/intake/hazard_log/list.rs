//! Numbered lists in one cell: `1) first\n2) None\n3) third`.

/// An entry of a list cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The number that the cell gives it; `None` for bulleted and unmarked text.
    pub number: Option<u32>,
    pub text: String,
}

/// Splits a cell into the entries of its list.
///
/// An entry begins on a line with a number and `)` or `.`, or with a bullet; text before the first is an
/// entry of its own. A cell without marks is one entry, however many lines it has: where one ends and the
/// next begins would be a guess.
pub(super) fn entries(cell: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut last_number = 0;
    for line in cell.lines() {
        let mark =
            mark(line).filter(|(number, _)| number.is_none_or(|number| plausible(number, last_number)));
        match (mark, entries.last_mut()) {
            (Some((number, text)), _) => {
                last_number = number.unwrap_or(last_number);
                entries.push(Entry { number, text: text.to_owned() });
            }
            (None, Some(open)) => {
                open.text.push('\n');
                open.text.push_str(line);
            }
            (None, None) => entries.push(Entry { number: None, text: line.to_owned() }),
        }
    }
    for entry in &mut entries {
        entry.text = entry.text.trim().to_owned();
    }
    entries.retain(|entry| !entry.text.is_empty());
    entries
}

/// A list goes on with a higher number, not far off; a first entry may have any number, because a log may
/// number its controls after the causes that they answer.
fn plausible(number: u32, last: u32) -> bool {
    last == 0 || (number > last && number - last <= 10)
}

/// The number (if it has one) and the text of a line that begins an entry.
fn mark(line: &str) -> Option<(Option<u32>, &str)> {
    let line = line.trim_start();
    if let Some(text) = line.strip_prefix(['•', '‣', '▪', '·', '*']).or_else(|| line.strip_prefix("- "))
    {
        return Some((None, text.trim_start()));
    }
    let unbracketed = line.strip_prefix('(').unwrap_or(line);
    let digits = unbracketed.find(|c: char| !c.is_ascii_digit()).filter(|end| (1..=3).contains(end))?;
    let number = unbracketed[..digits].parse().ok()?;
    let rest = &unbracketed[digits..];
    let text = match rest.strip_prefix(')') {
        Some(text) => text,
        // "1. text" is an entry, "1.5 mg" is not.
        None => rest.strip_prefix('.').filter(|text| text.starts_with(char::is_whitespace))?,
    };
    Some((Some(number), text.trim_start()))
}

/// Whether a control entry says that there is no control.
pub(super) fn says_none(text: &str) -> bool {
    const NOTHING: [&str; 9] = ["", "none", "n/a", "na", "-", "–", "nil", "not applicable", "none required"];
    let folded = text.trim().trim_end_matches('.').to_lowercase();
    if NOTHING.contains(&folded.as_str()) {
        return true;
    }
    ["none currently", "none available", "none identified", "none at present", "none known"]
        .iter()
        .any(|start| folded.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(cell: &str) -> Vec<(Option<u32>, String)> {
        entries(cell).into_iter().map(|entry| (entry.number, entry.text)).collect()
    }

    #[test]
    fn numbers_begin_entries_and_other_lines_go_on() {
        assert_eq!(
            numbered("1) first\nmore of it\n2) None\n10. tenth\n"),
            [(Some(1), "first\nmore of it".into()), (Some(2), "None".into()), (Some(10), "tenth".into())]
        );
    }

    #[test]
    fn quantities_dates_and_falling_numbers_begin_none() {
        assert_eq!(numbered("1.5 mg given").len(), 1);
        assert_eq!(numbered("25/02/2020: reviewed\n26/02/2020: closed").len(), 1);
        assert_eq!(numbered("3) a\n2) refers back\n4) b").len(), 2);
        assert_eq!(numbered("1) a\n2026) a year").len(), 1);
    }

    #[test]
    fn a_list_may_begin_late_and_bullets_have_no_number() {
        assert_eq!(numbered("10) a\n11) b")[0].0, Some(10));
        assert_eq!(numbered("• a\n• b"), [(None, "a".into()), (None, "b".into())]);
        assert_eq!(numbered("before\n1) a"), [(None, "before".into()), (Some(1), "a".into())]);
        assert!(entries("  \n ").is_empty());
    }

    #[test]
    fn none_is_not_a_control() {
        for text in ["None", " none. ", "N/A", "-", "None currently available (no record)"] {
            assert!(says_none(text), "{text}");
        }
        for text in ["Nonetheless checked", "None of the users may edit", "NA-coded entries are blocked"] {
            assert!(!says_none(text), "{text}");
        }
    }
}
