//! Lists in one cell: `1) first\n2) None\n3) third`, bullets, ids at the head of lines, semicolons.

use super::ids::Style;

/// An entry of a list cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// The number that the cell gives it; `None` for bulleted and unmarked text.
    pub number: Option<u32>,
    /// The id that it begins with, where the cell is read as a list of ids.
    pub id: Option<String>,
    pub text: String,
}

impl Entry {
    /// The whole of a cell.
    pub(super) fn whole(cell: &str) -> Self {
        Self { text: cell.trim().to_owned(), ..Self::default() }
    }
}

/// Splits a cell into the entries of its list.
///
/// An entry begins on a line with a number and `)` or `.`; in a cell without numbers on a line with a letter
/// or roman numeral and `)` or `.`, with a bare number, or with a bullet. A bullet under a numbered entry is
/// part of it. Text before the first entry is an entry of its own. A cell without marks is one entry,
/// however many lines it has: where one ends and the next begins would be a guess.
pub(super) fn entries(cell: &str) -> Vec<Entry> {
    let lines: Vec<&str> = cell.lines().collect();
    let marks =
        [numbered(&lines), in_sequence(&lines, lettered), in_sequence(&lines, bare), bulleted(&lines)]
            .into_iter()
            .find(|marks| marks.iter().any(Option::is_some))
            .unwrap_or_else(|| vec![None; lines.len()]);
    let mut entries: Vec<Entry> = Vec::new();
    for (line, mark) in lines.into_iter().zip(marks) {
        match (mark, entries.last_mut()) {
            (Some((number, text)), _) => entries.push(Entry { number, id: None, text: text.to_owned() }),
            (None, Some(open)) => {
                open.text.push('\n');
                open.text.push_str(line);
            }
            (None, None) => entries.push(Entry { text: line.to_owned(), ..Entry::default() }),
        }
    }
    tidied(entries)
}

fn tidied(mut entries: Vec<Entry>) -> Vec<Entry> {
    for entry in &mut entries {
        entry.text = entry.text.trim().to_owned();
    }
    entries.retain(|entry| !entry.text.is_empty());
    entries
}

/// Splits a cell at the lines that begin with an id: `H01-C1 first\nH01-C2 second`. Other lines go on.
pub(super) fn by_ids(cell: &str, style: Style) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in cell.lines() {
        match (style.split(line), entries.last_mut()) {
            (Some((id, text)), _) => {
                entries.push(Entry { number: None, id: Some(id.to_owned()), text: text.to_owned() });
            }
            (None, Some(open)) => {
                open.text.push('\n');
                open.text.push_str(line);
            }
            (None, None) => entries.push(Entry { text: line.to_owned(), ..Entry::default() }),
        }
    }
    keep_lone_ids(&mut entries);
    tidied(entries)
}

/// An id with no text behind it is what somebody wrote, and all of it: `SOP-7` names a document.
fn keep_lone_ids(entries: &mut [Entry]) {
    let is_list_of_ids = entries.iter().any(|entry| entry.id.is_some() && !entry.text.trim().is_empty());
    for entry in entries.iter_mut().filter(|entry| entry.text.trim().is_empty()) {
        entry.text = entry.id.clone().unwrap_or_default();
        entry.id.take_if(|_| !is_list_of_ids);
    }
}

/// Whether the first of a cell's entries has a mark of its own: a number, a letter or a bullet.
pub(super) fn begins_with_mark(cell: &str, entries: &[Entry]) -> bool {
    let first = |text: &str| text.trim().lines().next().map(|line| line.trim().to_owned());
    entries.first().is_some_and(|entry| first(&entry.text) != first(cell))
}

/// Splits a cell at the semicolons that space follows; `a;b` is a word of somebody's.
pub(super) fn by_semicolons(cell: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut start = 0;
    for (at, _) in cell.match_indices(';') {
        let rest = &cell[at + 1..];
        if rest.is_empty() || rest.starts_with([';', ' ', '\n', '\u{a0}', '\t']) {
            entries.push(Entry::whole(&cell[start..at]));
            start = at + 1;
        }
    }
    entries.push(Entry::whole(&cell[start..]));
    tidied(entries)
}

/// The number and the text of a line that begins an entry.
type Mark<'a> = Option<(Option<u32>, &'a str)>;

/// Lines with a number and `)` or `.`.
///
/// A list goes on with a higher number, not far off; a first entry may have any number, because a log may
/// number its controls after the causes that they answer. A list that says `1.` on every line was numbered
/// by a program that did not keep the numbers.
fn numbered<'a>(lines: &[&'a str]) -> Vec<Mark<'a>> {
    let found: Vec<Option<(u32, &str)>> = lines.iter().map(|line| number_mark(line)).collect();
    let all_first =
        found.iter().flatten().count() > 1 && found.iter().flatten().all(|(number, _)| *number == 1);
    let mut last = 0;
    let mut take = |(number, text): (u32, &'a str)| {
        let number = if all_first { last + 1 } else { number };
        let plausible = last == 0 || (number > last && number - last <= 10);
        plausible.then(|| {
            last = number;
            (Some(number), text)
        })
    };
    found.into_iter().map(|mark| mark.and_then(&mut take)).collect()
}

fn number_mark(line: &str) -> Option<(u32, &str)> {
    let line = line.trim_start();
    let unbracketed = line.strip_prefix('(').unwrap_or(line);
    let digits = unbracketed.find(|c: char| !c.is_ascii_digit()).filter(|end| (1..=3).contains(end))?;
    let number = unbracketed[..digits].parse().ok()?;
    let text = after_mark(&unbracketed[digits..])?;
    Some((number, text))
}

/// What follows `)` or `.`; "1. text" is an entry, "1.5 mg" is not.
fn after_mark(rest: &str) -> Option<&str> {
    let text = match rest.strip_prefix(')') {
        Some(text) => text,
        None => rest.strip_prefix('.').filter(|text| text.starts_with(char::is_whitespace))?,
    };
    Some(text.trim_start())
}

/// Lines that `mark` numbers 1, 2, 3 and so on without a gap; a single one may be anything, and counts as none.
fn in_sequence<'a>(lines: &[&'a str], mark: impl Fn(&'a str, u32) -> Option<&'a str>) -> Vec<Mark<'a>> {
    let mut next = 1;
    let marks: Vec<Mark<'a>> = lines
        .iter()
        .map(|line| {
            let text = mark(line, next)?;
            next += 1;
            Some((Some(next - 1), text))
        })
        .collect();
    if next > 2 { marks } else { vec![None; lines.len()] }
}

/// `a) text` or `i) text`, where `number` is the one that comes next.
fn lettered(line: &str, number: u32) -> Option<&str> {
    const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    let line = line.trim_start();
    let line = line.strip_prefix('(').unwrap_or(line);
    let end = line.find(|c: char| !c.is_ascii_alphabetic())?;
    let label = line[..end].to_lowercase();
    let letter = char::from_u32(u32::from('a') + number - 1).filter(char::is_ascii_lowercase);
    let is_letter = letter.is_some_and(|letter| label == letter.to_string());
    let is_roman = ROMAN.get(number as usize - 1) == Some(&label.as_str());
    (is_letter || is_roman).then(|| after_mark(&line[end..]))?
}

/// `1 Text`, where `number` is the one that comes next.
fn bare(line: &str, number: u32) -> Option<&str> {
    let text = line.trim_start().strip_prefix(&number.to_string())?;
    let words = text.strip_prefix([' ', '\t', '\u{a0}'])?.trim_start();
    words.starts_with(char::is_uppercase).then_some(words)
}

fn bulleted<'a>(lines: &[&'a str]) -> Vec<Mark<'a>> {
    let bullet = |line: &'a str| {
        let line = line.trim_start();
        let text = line.strip_prefix(['•', '‣', '▪', '·', '*']).or_else(|| line.strip_prefix("- "))?;
        Some((None, text.trim_start()))
    };
    lines.iter().map(|line| bullet(line)).collect()
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

    fn listed(cell: &str) -> Vec<(Option<u32>, String)> {
        entries(cell).into_iter().map(|entry| (entry.number, entry.text)).collect()
    }

    #[test]
    fn numbers_begin_entries_and_other_lines_go_on() {
        assert_eq!(
            listed("1) first\nmore of it\n2) None\n10. tenth\n"),
            [(Some(1), "first\nmore of it".into()), (Some(2), "None".into()), (Some(10), "tenth".into())]
        );
    }

    #[test]
    fn quantities_dates_and_falling_numbers_begin_none() {
        assert_eq!(listed("1.5 mg given").len(), 1);
        assert_eq!(listed("25/02/2020: reviewed\n26/02/2020: closed").len(), 1);
        assert_eq!(listed("3) a\n2) refers back\n4) b").len(), 2);
        assert_eq!(listed("1) a\n2026) a year").len(), 1);
    }

    #[test]
    fn a_list_may_begin_late_and_bullets_have_no_number() {
        assert_eq!(listed("10) a\n11) b")[0].0, Some(10));
        assert_eq!(listed("• a\n• b"), [(None, "a".into()), (None, "b".into())]);
        assert_eq!(listed("before\n1) a"), [(None, "before".into()), (Some(1), "a".into())]);
        assert!(entries("  \n ").is_empty());
    }

    #[test]
    fn a_bullet_under_a_number_is_part_of_its_entry() {
        let cell = "1) Network failure, such as:\n- router down\n2) Human error";
        assert_eq!(
            listed(cell),
            [(Some(1), "Network failure, such as:\n- router down".into()), (Some(2), "Human error".into())]
        );
    }

    #[test]
    fn letters_romans_and_bare_numbers_count_only_in_sequence() {
        for cell in [
            "a) one\nb) two\nc) three",
            "i) one\nii) two\niii) three",
            "1 One\n2 Two\n3 Three",
            "1. one\n1. two\n1. three",
        ] {
            let numbers: Vec<_> = listed(cell).into_iter().map(|(number, _)| number).collect();
            assert_eq!(numbers, [Some(1), Some(2), Some(3)], "{cell}");
        }
        for cell in
            ["a) alone", "e.g. this\nb) that", "2 Staff check\n3 Staff sign", "1 Nurse checks\nthe label"]
        {
            assert_eq!(listed(cell).len(), 1, "{cell}");
        }
    }

    #[test]
    fn ids_begin_entries_and_semicolons_part_them() {
        let read = by_ids("before\nH01-C1 Network\nof the site\nH01-C2: Staff", Style::Letters);
        let read: Vec<_> = read.iter().map(|entry| (entry.id.as_deref(), entry.text.as_str())).collect();
        assert_eq!(
            read,
            [(None, "before"), (Some("H01-C1"), "Network\nof the site"), (Some("H01-C2"), "Staff")]
        );
        let parted: Vec<_> =
            by_semicolons("one; two ;; three;").into_iter().map(|entry| entry.text).collect();
        assert_eq!(parted, ["one", "two", "three"]);
        assert_eq!(by_semicolons("sent by a;b;\u{a0}c").len(), 2);
    }

    #[test]
    fn an_id_alone_is_a_text() {
        let read = |cell: &str| -> Vec<(Option<String>, String)> {
            by_ids(cell, Style::Letters).into_iter().map(|entry| (entry.id, entry.text)).collect()
        };
        assert_eq!(read("SOP-7"), [(None, "SOP-7".into())]);
        assert_eq!(
            read("H01-C1 Network\nH01-C2"),
            [(Some("H01-C1".into()), "Network".into()), (Some("H01-C2".into()), "H01-C2".into())]
        );
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
