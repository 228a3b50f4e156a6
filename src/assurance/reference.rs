//! The reference of all checks, made from their definitions.
//!
//! `cscr explain` prints an [`Entry`], `docs/checks.md` is [`checks`], and the rules of a SARIF file come
//! from the same entries: what a check is said to do cannot differ between them.

use super::check::{Check, Exempt, Group, Scope};
use super::checks::GROUPS;
use super::finding::{Authority, Level};
use serde::Serialize;
use std::fmt::Write as _;

/// What there is to say of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub id: &'static str,
    pub level: Level,
    pub clause: Option<&'static str>,
    /// Title of the group that it belongs to.
    pub group: &'static str,
    pub title: &'static str,
    pub why: &'static str,
    pub remedy: &'static str,
    pub how: Option<&'static str>,
    pub exempt: Option<&'static str>,
    pub waivable_by: Authority,
    pub needs: Scope,
}

impl Entry {
    fn of(group: &Group, check: &Check) -> Self {
        Self {
            id: check.id,
            level: check.level,
            clause: check.clause,
            group: group.title,
            title: check.title,
            why: check.why,
            remedy: check.remedy,
            how: check.how,
            exempt: check.exempt.map(Exempt::words),
            waivable_by: check.waivable_by(),
            needs: check.scope(),
        }
    }

    /// What its findings weigh, which clause asks for it, what it needs to be given and who can waive it.
    #[must_use]
    pub fn facts(&self) -> String {
        let level = match self.level {
            Level::Blocking => "Blocking",
            Level::Warning => "Warning",
            Level::Information => "Information",
        };
        let clause = match self.clause {
            Some(clauses) if clauses.contains(", ") => format!(" Clauses {clauses} of DCB0129."),
            Some(clause) => format!(" Clause {clause} of DCB0129."),
            None => String::new(),
        };
        let needs = match self.needs {
            Scope::HazardLog => "Needs the hazard log alone.",
            Scope::Case => "Needs the whole case.",
        };
        let waivable = match self.waivable_by {
            Authority::Cso => "The Clinical Safety Officer alone can waive a finding.",
            Authority::Anybody => "Any named person of the case can waive a finding.",
            Authority::Nobody => "Nobody can waive a finding.",
        };
        format!("{level}.{clause} {needs} {waivable}")
    }

    /// What else there is to say, each with its label: how the remedy is done in the case folder, and what is exempt.
    pub fn notes(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let notes = [("How", self.how), ("Does not apply", self.exempt)];
        notes.into_iter().filter_map(|(label, note)| Some((label, note?)))
    }
}

/// Every check, in the order of the groups.
pub fn entries() -> impl Iterator<Item = Entry> {
    GROUPS.iter().flat_map(|group| group.checks.iter().map(|check| Entry::of(group, check)))
}

/// The check with this id, in whatever case it is written.
#[must_use]
pub fn entry(id: &str) -> Option<Entry> {
    entries().find(|entry| entry.id.eq_ignore_ascii_case(id))
}

/// The page `docs/checks.md`.
#[must_use]
pub fn checks() -> String {
    let mut page = String::from(INTRODUCTION);
    for group in GROUPS {
        let _ = write!(
            page,
            "\n## {}\n\n| check | level | clause of DCB0129 | |\n|---|---|---|---|\n",
            group.title
        );
        for check in group.checks {
            let clause = check.clause.unwrap_or("");
            let _ = writeln!(page, "| {} | {} | {clause} | {} |", check.id, check.level.word(), check.title);
        }
        for check in group.checks {
            let entry = Entry::of(group, check);
            let _ = write!(
                page,
                "\n### {}: {}\n\n{}\n\n{}\n\n**To do:** {}\n",
                entry.id,
                entry.title,
                entry.facts(),
                entry.why,
                entry.remedy
            );
            for (label, note) in entry.notes() {
                let _ = write!(page, "\n**{label}:** {note}\n");
            }
        }
    }
    page
}

const INTRODUCTION: &str = "\
# The checks

<!-- Made from the checks' own definitions by `cargo run --example make_docs`. Do not edit. -->

What `cscr check` looks for. `cscr explain ID` prints the same words about one check.

A *blocking* finding keeps the report a DRAFT; a *warning* should be dealt with or explained; *information*
is for the reader. A finding can be waived in `waivers.toml`, with a reason and a last day; a waived finding
stays in every output, marked as waived. A waiver of one finding among several names its `hazard`, and in
`about` what it concerns: a part of the path that `cscr check --format json` gives (`H03.D2`, `residual`), the
path itself, or a cell (`P4`). The id of a check is stable and is never given to another one.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_is_on_the_page_once() {
        let page = checks();
        for entry in entries() {
            let heading = format!("\n### {}: {}\n", entry.id, entry.title);
            assert_eq!(page.matches(&heading).count(), 1, "{}", entry.id);
        }
    }

    #[test]
    fn the_page_in_the_repository_is_the_one_that_is_made() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md");
        let page = std::fs::read_to_string(path).expect("docs/checks.md can be read");
        assert!(page == checks(), "run `cargo run --example make_docs`, and read what it changes");
    }

    #[test]
    fn an_entry_says_who_can_waive() {
        let facts = |id: &str| entry(id).expect("a check").facts();
        assert_eq!(
            facts("b5"),
            "Blocking. Clause 6.1.4 of DCB0129. Needs the hazard log alone. The Clinical Safety Officer alone can waive a finding."
        );
        assert!(
            facts("F1").contains("Clauses 3.5.2, 2.2.2 of DCB0129.")
                && facts("F1").ends_with("Nobody can waive a finding.")
        );
        assert!(facts("E7").ends_with("Any named person of the case can waive a finding."));
        assert_eq!(entry("B55"), None);
    }
}
