//! How each clause is checked, as a page: made from the table, the probes and the checks, so that it cannot
//! say anything else than they do.

use super::probes;
use crate::assurance::checks;
use crate::assurance::finding::Level;
use crate::case::clause::{CheckedBy, Clause, ClauseTable, Force};
use std::fmt::Write as _;

/// The page of a clause table, in Markdown.
#[must_use]
pub fn clauses(table: &ClauseTable) -> String {
    let mut page = format!("# {}\n\n{INTRODUCTION}", table.title);
    if let Some(because) = &table.unverified_because {
        let _ = write!(page, "\n**Not verified against the official text.** {because}\n");
    }
    let _ = write!(page, "\n{}\n", tally(table));
    for group in &table.groups {
        let _ = write!(page, "\n## {} {}\n", group.number, group.heading);
        for clause in &group.clauses {
            write_clause(&mut page, clause, table.known_as(clause));
        }
    }
    page
}

const INTRODUCTION: &str = "\
How each clause is checked. This page is made from the clause table, the probes and the checks by
`cargo run --example make_docs`; a test holds it to them. The requirements are in this project's own words and are
not the text of the standard.

The engine says what evidence it found, never that a clause is met: that is a person's answer, which stands in
`compliance.toml`. Whatever checks look at, a clause that a blocking finding stands against is at best partly found.
";

fn tally(table: &ClauseTable) -> String {
    let by = |wanted: CheckedBy| table.clauses().filter(|clause| clause.checked_by == wanted).count();
    format!(
        "Of {} clauses, the engine looks for the evidence of {}; {} only a person can judge, and the engine shows what \
         the case refers to; for {} the case has no place yet, so that nobody looks until a person answers for them.",
        table.clauses().count(),
        by(CheckedBy::Engine),
        by(CheckedBy::Person),
        by(CheckedBy::NobodyYet),
    )
}

fn write_clause(page: &mut String, clause: &Clause, known_as: Option<&str>) {
    let force = match clause.force {
        Force::Must => "must",
        Force::Should => "should",
        Force::Scoping => "says where other clauses apply",
    };
    let who = match clause.checked_by {
        CheckedBy::Engine => "the engine; a person judges",
        CheckedBy::Person => "a person; the engine shows what the case refers to",
        CheckedBy::NobodyYet => "nobody, until a person answers for it",
    };
    let places: Vec<&str> = clause.evidence_in.iter().map(|place| place.words()).collect();
    let _ = write!(page, "\n### {} ({force})\n\n{}\n\n", clause.number, clause.requirement);
    let _ = writeln!(page, "- Checked by: {who}.");
    let _ = writeln!(page, "- Evidence lies in: {}.", places.join(", "));
    for probe in &clause.probes {
        let _ = writeln!(page, "- The engine looks whether {}.", probes::definition(*probe).looks_whether);
    }
    for check in checks::checks() {
        let names = |clauses: &str| clauses.split(", ").any(|number| Some(number) == known_as);
        if check.clause.is_some_and(names) {
            let level = match check.level {
                Level::Blocking => "blocking",
                Level::Warning => "warning",
                Level::Information => "information",
            };
            let _ = writeln!(page, "- Check {} ({level}): {}.", check.id, check.title);
        }
    }
    if let Some(step) = clause.may_await {
        let _ = writeln!(page, "- An answer of \"Awaiting\" can be about {}.", step.words());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_in_the_repository_are_those_that_are_made() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/data");
        for (file, table) in [("DCB0129.md", ClauseTable::dcb0129()), ("DCB0160.md", ClauseTable::dcb0160())]
        {
            let written = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
            let made = clauses(&table);
            assert!(written.replace("\r\n", "\n") == made, "{file}: run cargo run --example make_docs");
        }
    }

    #[test]
    fn a_clause_says_who_checks_it_and_how() {
        let page = clauses(&ClauseTable::dcb0129());
        let section = page.split("### ").find(|part| part.starts_with("6.3.3 ")).expect("the clause");
        assert!(section.contains("- Checked by: the engine; a person judges."), "{section}");
        assert!(
            section.contains("each of the organisation's own controls has evidence that it works"),
            "{section}"
        );
        assert!(section.contains("- Check F15 (warning): Test issues not given."), "{section}");
        assert!(!page.contains("Not verified"), "this one is");
        assert!(clauses(&ClauseTable::dcb0160()).contains("**Not verified against the official text.**"));
    }
}
