//! Writing into files that people keep: what they wrote, their comments and their layout stay as they are.

use super::Refusal;
use crate::case::Date;
use crate::case::approval::Approval;
use crate::intake::approvals::FILE;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

const HEADER: &str = "\
# The approvals of this case, one entry each: who approved which document, when, with which content.
# `cscr approve` adds entries. An entry is never changed afterwards: when the content changes, it is out of date,
# and the person approves again. Whoever takes an approval back adds withdrawn = DATE and withdrawn_because = \"...\".
";

/// The text of approvals.toml with a further approval; `text` is the file as it is, empty where there is none.
pub fn with_approval(text: &str, approval: &Approval) -> Result<String, Refusal> {
    let text = if text.trim().is_empty() { HEADER } else { text };
    let mut file = parsed(text, FILE)?;
    // What stands below the last entry stays above the new one.
    let below = file.trailing().as_str().unwrap_or_default().to_owned();
    let mut entry = entry(approval);
    if matches!(file.get("approvals"), None | Some(Item::ArrayOfTables(_))) {
        file.set_trailing("");
        entry.decor_mut().set_prefix(format!("{below}\n"));
    }
    append(file.as_table_mut(), "approvals", entry, FILE)?;
    Ok(file.to_string())
}

/// A TOML file, to be written into.
pub(super) fn parsed(text: &str, file: &str) -> Result<DocumentMut, Refusal> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.parse().map_err(|error: toml_edit::TomlError| {
        Refusal::new(format!("{file} cannot be read: {}", error.message()), "correct the file")
    })
}

/// Adds a table to the list under a key, in the way that the list is written.
pub(super) fn append(table: &mut Table, key: &str, mut entry: Table, file: &str) -> Result<(), Refusal> {
    match table.entry(key).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new())) {
        Item::ArrayOfTables(entries) => {
            if entry.decor().prefix().is_none() {
                entry.decor_mut().set_prefix("\n");
            }
            entries.push(entry);
            Ok(())
        }
        Item::Value(Value::Array(entries)) => {
            push_inline(entries, entry.into_inline_table());
            Ok(())
        }
        _ => Err(Refusal::new(format!("{key} of {file} is not a list"), format!("write it as [[{key}]]"))),
    }
}

/// Adds to a list in brackets, on a line of its own where the others have theirs.
fn push_inline(entries: &mut Array, entry: InlineTable) {
    let before = entries.iter().last().and_then(|last| last.decor().prefix()?.as_str());
    let prefix = before.map(str::to_owned).filter(|prefix| prefix.contains('\n'));
    let mut entry = Value::InlineTable(entry);
    match prefix {
        Some(prefix) => entry.decor_mut().set_prefix(prefix),
        None if !entries.is_empty() => entry.decor_mut().set_prefix(" "),
        None => {}
    }
    entries.push_formatted(entry);
}

fn entry(approval: &Approval) -> Table {
    let mut entry = Table::new();
    let mut text = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            entry.insert(key, toml_edit::value(value));
        }
    };
    text("document", Some(approval.document.key()));
    text("person", Some(&approval.person));
    text("name", approval.name.as_deref());
    text("role", approval.role.as_deref());
    if let Some(registration) = &approval.registration {
        let number = registration.number.as_deref().map(|number| ("number", number));
        let parts = [Some(("body", registration.body.as_str())), number];
        entry.insert("registration", inline(parts.into_iter().flatten()));
    }
    entry.insert("date", day(approval.date));
    for (key, date) in [("recorded", approval.recorded), ("withdrawn", approval.withdrawn)] {
        if let Some(date) = date {
            entry.insert(key, day(date));
        }
    }
    let mut text = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            entry.insert(key, toml_edit::value(value));
        }
    };
    text("withdrawn_because", approval.withdrawn_because.as_deref());
    text("version", approval.version.as_deref());
    text("statement", approval.statement.as_deref());
    text("content_digest", Some(&approval.content_digest));
    text("content", approval.content.as_deref());
    text("means", approval.means.map(crate::case::approval::ApprovalMeans::key));
    if let Some(evidence) = &approval.evidence {
        let parts = [("file", evidence.file.as_str()), ("sha256", evidence.sha256.as_str())];
        entry.insert("evidence", inline(parts));
    }
    entry
}

fn inline<'a>(parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Item {
    let mut table = InlineTable::new();
    for (key, value) in parts {
        table.insert(key, value.into());
    }
    toml_edit::value(table)
}

/// A date as TOML writes it, without quotation marks.
pub(super) fn day(date: Date) -> Item {
    let toml_date = toml_edit::Date {
        year: u16::try_from(date.year()).unwrap_or_default(),
        month: date.month().unsigned_abs(),
        day: date.day().unsigned_abs(),
    };
    toml_edit::value(toml_edit::Datetime { date: Some(toml_date), time: None, offset: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, approval, some};
    use crate::case::approval::{ApprovalEvidence, ApprovalMeans, ApprovedDocument, ApproverRegistration};
    use crate::intake::approvals;

    fn full() -> Approval {
        let fixture = Fixture::new();
        Approval {
            name: some("Dr Cora Officer"),
            role: some("Clinical Safety Officer"),
            registration: Some(ApproverRegistration { body: "GMC".to_owned(), number: some("0000000") }),
            version: some("1.0"),
            statement: some("I have read it.\nAll of it, \"every\" word."),
            recorded: Date::new(2026, 9, 21),
            withdrawn: Date::new(2026, 9, 22),
            withdrawn_because: some("A hazard was missing."),
            content: some("history/cases/x.json"),
            means: Some(ApprovalMeans::EMail),
            evidence: Some(ApprovalEvidence { file: "mail.txt".to_owned(), sha256: "0a".repeat(32) }),
            ..approval(&fixture.case, ApprovedDocument::HazardLog, "cso")
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let people = Fixture::new().case.people;
        let bare = approval(&Fixture::new().case, ApprovedDocument::Cscr, "cso");
        let once = with_approval("", &full()).unwrap();
        let twice = with_approval(&once, &bare).unwrap();
        assert_eq!(approvals::parse(&twice, &people).unwrap(), [full(), bare]);
        assert!(twice.starts_with(HEADER) && twice.starts_with(&once), "{twice}");
    }

    #[test]
    fn what_people_wrote_stays() {
        let people = Fixture::new().case.people;
        let digest = "0a".repeat(32);
        let by_hand = format!(
            "# Kept by Sam.\n\n[[approvals]] # the first\ndocument=\"cscr\"\nperson  =  'cso'\ndate = 2026-09-01\ncontent_digest = \"{digest}\" # by phone\n"
        );
        let written = with_approval(&by_hand, &full()).unwrap();
        assert!(written.starts_with(&by_hand), "{written}");
        let remark = format!("{by_hand}\n# Holt is still to approve.\n");
        let written = with_approval(&remark, &full()).unwrap();
        assert!(written.starts_with(&remark), "{written}");
        assert_eq!(approvals::parse(&written, &people).unwrap().len(), 2);
        let inline = format!(
            "approvals = [\n  {{ document = \"cscr\", person = \"cso\", date = 2026-09-01, content_digest = \"{digest}\" }}, # by phone\n]\n"
        );
        let written = with_approval(&inline, &full()).unwrap();
        assert!(written.contains("# by phone"), "{written}");
        assert_eq!(approvals::parse(&written, &people).unwrap().len(), 2, "{written}");
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let error = with_approval("approvals = 3\n", &full()).unwrap_err().to_string();
        assert!(error.contains("approvals of approvals.toml is not a list"), "{error}");
        assert!(with_approval("approvals = [", &full()).is_err());
    }
}
