//! TOML inputs: typed values, errors that show the offending line, and the line of every value.
//!
//! A file becomes a table, of which first the lines are recorded and then the value is made, so that the domain
//! types stay free of positions and a finding can still say where a value stands.

mod lines;

use super::files::CaseFolder;
use super::{InputError, suggestion};
use crate::case::Place;

use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::DeTable;

pub(super) use lines::LineStarts;
pub use lines::Lines;

/// A TOML file that was read, and where its values stand.
#[derive(Debug)]
pub struct TomlInput<T> {
    pub value: T,
    lines: Lines,
}

impl<T: DeserializeOwned> TomlInput<T> {
    /// Reads a file of the case folder.
    pub fn read(folder: &CaseFolder, path: &str) -> Result<Self, InputError> {
        Self::parse(path, &folder.read_text(path)?)
    }

    /// Reads the text of a file that is named to the user as `file`.
    pub fn parse(file: &str, text: &str) -> Result<Self, InputError> {
        let in_words = |error| explain(file, text, &error);
        let table = DeTable::parse(text).map_err(in_words)?;
        let mut lines = Lines::new(file);
        lines.record_table("", table.get_ref(), &LineStarts::of(text));
        let value = T::deserialize(toml::Deserializer::from(table)).map_err(in_words)?;
        Ok(Self { value, lines })
    }
}

impl<T> TomlInput<T> {
    /// The value and the lines of its parts.
    pub fn into_parts(self) -> (T, Lines) {
        (self.value, self.lines)
    }
}

/// Fails where two entries have one id; names both lines.
pub fn refuse_duplicates<'a>(
    what: &str,
    entries: impl IntoIterator<Item = (&'a str, Place)>,
) -> Result<(), InputError> {
    let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
    for (id, place) in entries {
        if id.trim().is_empty() {
            return Err(InputError::new(format!("A {what} has an empty id")).at(place).hint("give it an id"));
        }
        if let Some(first) = seen.get(id) {
            let first = match first.line {
                Some(line) if first.file == place.file => format!("line {line}"),
                _ => first.to_string(),
            };
            return Err(InputError::new(format!("The {what} id \"{id}\" is used twice, first at {first}"))
                .at(place)
                .hint("give each its own id"));
        }
        seen.insert(id, place);
    }
    Ok(())
}

/// A TOML error in our words, with its line.
fn explain(file: &str, text: &str, error: &toml::de::Error) -> InputError {
    let (mut what, mut hint) = reword(error.message());
    let Some(span) = error.span() else {
        return InputError::new(what).at(Place::file(file)).hint(hint);
    };
    let line = LineStarts::of(text).line(span.start.min(text.len()));
    if looks_like_a_date(text, &span) {
        CALENDAR.clone_into(&mut hint);
    }
    if error.message().starts_with("unknown field")
        && let Some(table) = table_of(text, &span)
    {
        what = format!("{what}, in {table}");
        hint = format!("{hint}; a key of the whole file stands above its first [table]");
    }
    InputError::new(format!("{what}\n{}", marked_line(text, line, &span)))
        .at(Place::line(file, line))
        .hint(hint)
}

const CALENDAR: &str = "write a date as year-month-day, such as 2026-09-14, that is in the calendar";

/// Whether the value at the fault is a date as far as its signs go, such as `2026-02-30`.
fn looks_like_a_date(text: &str, span: &Range<usize>) -> bool {
    let is_in_value = |c: char| c.is_ascii_digit() || c == '-';
    let Some((before, after)) = text.split_at_checked(span.start.min(text.len())) else { return false };
    let start = before.trim_end_matches(is_in_value).len();
    let end = text.len() - after.trim_start_matches(is_in_value).len();
    let parts: Vec<usize> = text[start..end].split('-').map(str::len).collect();
    matches!(parts[..], [4, 1..=2, 1..=2])
}

/// The header of the table that a key at the start of its line fell into, such as `[[actions]]`.
fn table_of<'a>(text: &'a str, span: &Range<usize>) -> Option<&'a str> {
    let before = text.get(..span.start)?;
    let (above, indent) = before.rsplit_once('\n')?;
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let header = |line: &'a str| {
        let line = line.split('#').next().unwrap_or(line).trim();
        let name = line.strip_prefix('[')?.strip_suffix(']')?;
        let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name).trim();
        (!name.is_empty() && name.chars().all(is_bare)).then_some(line)
    };
    // A key within braces belongs to these, not to the table.
    if indent.trim().is_empty() { above.lines().rev().find_map(header) } else { None }
}

/// What is wrong, and what to do about it.
pub(super) fn reword(message: &str) -> (String, String) {
    if let Some((word, expected)) = unknown(message, "unknown field") {
        return (
            format!("The key \"{word}\" is not known here"),
            suggestion::remedy(word, expected.iter().copied()),
        );
    }
    if let Some((word, expected)) = unknown(message, "unknown variant") {
        return (
            format!("\"{word}\" is not a word that can stand here"),
            suggestion::remedy(word, expected.iter().copied()),
        );
    }
    if let Some(key) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return (format!("The key \"{key}\" is missing here"), format!("add {key} = ..."));
    }
    if message == "duplicate key" {
        return ("This key or table is there twice".to_owned(), "keep one of them".to_owned());
    }
    let what = sentence(&message.trim_end().replace('\n', "; ").replace('`', "\""));
    let what = what.replace("expected u8", "expected a whole number from 0 to 255");
    let hint = if what.contains("expected a date") || what.contains("is not a date") {
        CALENDAR
    } else if what.contains("expected a string") {
        "put the value between quotation marks"
    } else {
        "correct the line; text stands between quotation marks, a list between [ and ]"
    };
    (what, hint.to_owned())
}

/// The text with its first letter in upper case.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The unknown word and the words that were expected, from serde's message.
fn unknown<'a>(message: &'a str, kind: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let mut quoted = message.strip_prefix(kind)?.split('`').skip(1).step_by(2);
    Some((quoted.next()?, quoted.collect()))
}

/// The offending line, and a mark under what is wrong in it.
pub(super) fn marked_line(text: &str, line: usize, span: &Range<usize>) -> String {
    const WIDTH: usize = 90;
    let source = text.lines().nth(line - 1).unwrap_or_default();
    let start = LineStarts::of(text).0.get(line - 1).copied().unwrap_or_default();
    let column = text.get(start..span.start.min(text.len())).map_or(0, |before| before.chars().count());
    let marked =
        text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default().chars().count();
    // A long line is cut to the part around the mark.
    let first = column.saturating_sub(WIDTH / 3);
    let shown: String =
        source.chars().skip(first).take(WIDTH).map(|c| if c == '\t' { ' ' } else { c }).collect();
    let (column, lead) = if first > 0 { (column - first + 3, "...") } else { (column, "") };
    let room = (lead.len() + shown.chars().count()).saturating_sub(column);
    let number = line.to_string();
    format!(
        "  {number} | {lead}{shown}\n  {:gutter$} | {:column$}{}",
        "",
        "",
        "^".repeat(marked.min(room).max(1)),
        gutter = number.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Date;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        title: String,
        date: Option<Date>,
        #[serde(default)]
        people: Vec<Person>,
        kind: Option<Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Person {
        id: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        EntryPoint,
        ExitPoint,
    }

    fn error(text: &str) -> String {
        TomlInput::<Sample>::parse("case.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn an_unknown_key_is_shown_with_its_line_and_the_likely_key() {
        assert_eq!(
            error("title = \"x\"\ndaet = 2026-01-02\n"),
            "The key \"daet\" is not known here\n\
             \x20 2 | daet = 2026-01-02\n\
             \x20   | ^^^^\n\
             \x20 at: case.toml, line 2\n\
             \x20 do: did you mean \"date\"? (known are title, date, people, kind)"
        );
        let only_one = error("title = \"x\"\n[[people]]\nid = \"a\"\nidd = \"b\"\n");
        assert!(only_one.contains("line 4\n  do: did you mean \"id\"? (known are id)"), "{only_one}");
    }

    #[test]
    fn an_unknown_word_names_the_words_that_can_stand_there() {
        let text = error("title = \"x\"\nkind = \"entry-pont\"\n");
        assert!(text.starts_with("\"entry-pont\" is not a word that can stand here"), "{text}");
        assert!(text.contains("did you mean \"entry-point\"? (known are entry-point, exit-point)"), "{text}");
        assert!(text.contains("case.toml, line 2"), "{text}");
    }

    #[test]
    fn a_missing_key_is_named() {
        let text = error("[[people]]\nname = 1\n");
        assert!(text.contains("The key \"name\" is not known here"), "{text}");
        let text = error("title = \"x\"\n\n[[people]]\n");
        assert!(text.starts_with("The key \"id\" is missing here\n  3 | [[people]]"), "{text}");
        assert!(text.ends_with("do: add id = ..."), "{text}");
    }

    #[test]
    fn an_impossible_date_says_so_at_its_line() {
        for date in ["\"27/03//2020\"", "\"2026-02-30\"", "2026-02-30", "2026-02-01T10:00:00", "7"] {
            let text = error(&format!("title = \"x\"\ndate = {date}\n"));
            assert!(text.contains("case.toml, line 2"), "{text}");
            assert!(text.contains("2 | date = "), "{text}");
        }
        let text = error("title = \"x\"\ndate = \"27/03//2020\"\n");
        assert!(text.starts_with("\"27/03//2020\" is not a date; write it as year-month-day"), "{text}");
    }

    #[test]
    fn a_date_that_is_in_no_calendar_is_told_so_with_quotation_marks_and_without() {
        for date in ["2026-02-30", "2026-13-01", "2026-00-01", "2026-9-14", "\"2026-02-30\""] {
            let text = error(&format!("title = \"x\"\ndate = {date}\n"));
            assert!(text.contains("that is in the calendar"), "{date}: {text}");
        }
    }

    #[test]
    fn an_unknown_key_names_the_table_that_it_fell_into() {
        let text = error("title = \"x\"\n[[people]]  # all\nid = \"a\"\noutcome = \"b\"\n");
        assert!(text.starts_with("The key \"outcome\" is not known here, in [[people]]\n"), "{text}");
        assert!(text.contains("a key of the whole file stands above its first [table]"), "{text}");
        for elsewhere in ["outcome = 1\n[[people]]\nid = \"a\"\n", "people = [{ id = \"a\", outcome = 1 }]\n"]
        {
            let text = error(&format!("title = \"x\"\n{elsewhere}"));
            assert!(text.starts_with("The key \"outcome\" is not known here\n"), "{text}");
        }
    }

    #[test]
    fn syntax_type_and_duplicate_errors_have_their_line() {
        let text = error("title = \"x\ndate = 2026-01-01\n");
        assert!(text.contains("case.toml, line 1"), "{text}");
        let text = error("title = 7\n");
        assert!(text.starts_with("Invalid type: integer \"7\", expected a string"), "{text}");
        assert!(text.contains("put the value between quotation marks"), "{text}");
        let text = error("title = \"x\"\ntitle = \"y\"\n");
        assert!(text.starts_with("This key or table is there twice") && text.contains("line 2"), "{text}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark() {
        let text = error(&format!("title = \"{}\" oops\n", "long ".repeat(100)));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].chars().count() < 110, "{text}");
        let mark = lines[2].find('^').expect("a mark");
        assert_eq!(&lines[1][mark..mark + 4], "oops", "{text}");
    }

    #[test]
    fn every_value_has_its_line_or_that_of_its_holder() {
        let text = "title = \"\"\"\nx\n\"\"\"\n\n[[people]]\n\n[[people]]\nname = { a = 1 }\n";
        let input = TomlInput::<toml::Table>::parse("a.toml", text).expect("valid");
        let (_, lines) = input.into_parts();
        let line = |path: &str| lines.place(path).line;
        assert_eq!(line("title"), Some(1));
        assert_eq!(line("people/0"), Some(5));
        assert_eq!(line("people/1"), Some(7));
        assert_eq!(line("people/1/name/a"), Some(8));
        assert_eq!(line("people/0/absent/deeper"), Some(5));
        assert_eq!(line("absent"), None);
    }

    #[test]
    fn duplicate_and_empty_ids_are_refused_by_line() {
        let at = |line| Place::line("a.toml", line);
        let error = refuse_duplicates("person", [("a", at(1)), ("a", at(4))]).unwrap_err().to_string();
        assert_eq!(
            error,
            "The person id \"a\" is used twice, first at line 1\n  at: a.toml, line 4\n  do: give each its own id"
        );
        let error = refuse_duplicates("person", [(" ", at(3))]).unwrap_err().to_string();
        assert!(error.contains("A person has an empty id"), "{error}");
        assert!(refuse_duplicates("person", [("a", at(1)), ("b", at(2))]).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_broken_for_a_message(text in "(title = |date = |[\\[\\]\"'=#{}.,\\n\\r\\t é2T:-]|people|\"x\"){0,30}") {
            if let Err(error) = TomlInput::<Sample>::parse("case.toml", &text) {
                let error = error.to_string();
                proptest::prop_assert!(error.contains("at: case.toml, line ") && error.contains("do: "), "{}", error);
            }
        }
    }
}
