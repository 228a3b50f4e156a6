//! Every check, by group. A group is a file; the letter of an id says what it is about.
//!
//! Ids A to F follow the table that the checks were first written down in. Added since: A10 to A21 and B14
//! (what intake sees in a spreadsheet), A22 (a row that slipped), A23 (template text), A24 and A25 (what was passed
//! over), A26 (a file format that tells less), B15 (a rating scheme that is not the policy's),
//! C18 (a low risk that nobody decided on), C19 to C27 (links, shared controls, training alone, low scores,
//! an analysis without outcome, progress, decisions that do not count), E14 and E17 to E19 (sessions against the log), F24 (the safety officer's statement), F25 (an
//! approval that is not given yet), F26 (a review of another version), F27 to F29 (signatories and dates of the
//! documents themselves), F30 to F35 (the order of approvals, who may sign the TOM, what shows an approval), F36 to F43 (what was issued, and what records say), K (compliance answers), L (writing), R (risk assessment), S (conditions and dates of a
//! release), T (TOM), P (patient data), G (what fonts cannot print), U (input that nothing uses), W (waivers),
//! X (references that lead nowhere).

mod agreed;
mod analysis;
mod compliance;
mod consistency;
mod control;
mod coverage;
mod data;
mod decision;
pub(super) mod documents;
mod governance;
mod identity;
mod implementation;
mod links;
mod loose_end;
mod naming;
mod ownership;
mod progress;
mod rating;
mod received;
mod reconciliation;
mod reduction;
mod release;
mod residual;
mod risk_assessment;
mod risk_policy;
mod sequence;
mod template_text;
mod transfer;
mod waiver;
mod writing;

use super::check::{Check, Exemption, Group, Outcome};
use super::cross_reference::rules;
use super::wording::{WORDING, words};
use crate::case::Provenance;
use crate::case::excerpt::excerpt;
use crate::case::hazard::{Hazard, Rating};
use crate::case::matrix::RiskPolicy;
use crate::case::person::Person;
use std::collections::BTreeSet;

/// All groups, in the order that findings of one level are printed in: what may hurt a patient first (ratings,
/// controls, hazards that are lost), then what the report rests on, then who answers for it, and last what is still to
/// be written and how it is written. Every output has its order from here.
pub static GROUPS: &[Group] = &[
    Group { title: "Risk policy", checks: risk_policy::CHECKS },
    Group { title: "Ratings", checks: rating::CHECKS },
    Group { title: "Residual risk", checks: residual::CHECKS },
    Group { title: "Controls", checks: control::CHECKS },
    Group { title: "Reduction of risk", checks: reduction::CHECKS },
    Group { title: "Decisions on risk", checks: decision::CHECKS },
    Group { title: "Hazards that cannot be told apart, or are not read", checks: identity::CHECKS },
    Group { title: "Sequence and rows", checks: sequence::CHECKS },
    Group { title: "Analysis", checks: analysis::CHECKS },
    Group { title: "Implementation and evidence", checks: implementation::CHECKS },
    Group { title: "Progress of controls", checks: progress::CHECKS },
    Group { title: "Causes and the controls that answer them", checks: links::CHECKS },
    Group { title: "Owners of controls", checks: ownership::CHECKS },
    Group { title: "Transfer", checks: transfer::CHECKS },
    Group { title: "Received hazards", checks: received::CHECKS },
    Group { title: "Hazard log against PSA records", checks: consistency::CHECKS },
    Group { title: "Reconciliation of sessions, log and report", checks: reconciliation::CHECKS },
    Group { title: "Text against the hazard log", checks: documents::CHECKS },
    Group { title: "Risk assessment and Target Operating Model", checks: risk_assessment::CHECKS },
    Group { title: "Loose ends of the cross-reference", checks: loose_end::CHECKS },
    Group { title: "Patient data, printing and unused input", checks: data::CHECKS },
    Group { title: "What the report must contain", checks: governance::content::CHECKS },
    Group { title: "Plan and process", checks: governance::plan::CHECKS },
    Group { title: "Issue and change", checks: governance::issue::CHECKS },
    Group { title: "Risk of a modification", checks: governance::modification::CHECKS },
    Group { title: "Conditions and dates of the release", checks: release::CHECKS },
    Group { title: "Review and approval of the hazard log", checks: governance::review::CHECKS },
    Group { title: "Signatories of the hazard log", checks: governance::signatories::CHECKS },
    Group { title: "Approval", checks: governance::approval::CHECKS },
    Group { title: "Issued versions and their approvals", checks: governance::issued::CHECKS },
    Group { title: "Records of approvals", checks: governance::record::CHECKS },
    Group { title: "What records of approvals say", checks: governance::giver::CHECKS },
    Group { title: "Compliance answers", checks: compliance::CHECKS },
    Group { title: "Clauses and what answers them", checks: coverage::CHECKS },
    Group { title: "Names and versions", checks: naming::CHECKS },
    Group { title: "Template text", checks: template_text::CHECKS },
    Group { title: "Document control and actions", checks: governance::document::CHECKS },
    Group { title: "What the spreadsheet leaves in doubt", checks: identity::OF_THE_SPREADSHEET },
    Group { title: "How hazards are written", checks: writing::CHECKS },
    Group { title: "Waivers", checks: waiver::CHECKS },
    Group { title: "What is still to be written", checks: identity::TO_BE_WRITTEN },
];

/// Every check, in order.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    GROUPS.iter().flat_map(|group| group.checks)
}

/// The letters that ids begin with, in the order of the alphabet.
#[must_use]
pub fn letters() -> BTreeSet<char> {
    checks().filter_map(|check| check.id.chars().next()).collect()
}

/// The check with this id.
#[must_use]
pub fn check(id: &str) -> Option<&'static Check> {
    checks().find(|check| check.id == id)
}

/// `H01, H02 and H03`.
pub(super) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `H01, H02 and H03`, or the first few and how many more there are.
pub(crate) fn some_of(words: &[String]) -> String {
    const NAMED: usize = 8;
    let mut named: Vec<&str> = words.iter().take(NAMED).map(String::as_str).collect();
    let more = format!("{} more", words.len().saturating_sub(NAMED));
    if words.len() > NAMED {
        named.push(&more);
    }
    list(&named)
}

/// Whether 5.1.2 exempts a hazard; if it does, the check says so, with what it need not have.
fn is_exempt(people: &[Person], hazard: &Hazard, outcome: &mut Outcome, not_needed: &str) -> bool {
    let Some(reason) = rules::exemption(hazard, people) else { return false };
    outcome.not_applicable(Exemption {
        hazard: hazard.key.clone(),
        what: not_needed.to_owned(),
        clause: "5.1.2",
        because: Some(reason),
    });
    true
}

/// `Major x Low`, as far as the rating has them.
fn severity_by_likelihood(rating: &Rating) -> String {
    let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "(not given)".to_owned());
    format!("{} x {}", word(&rating.severity), word(&rating.likelihood))
}

/// `3, Undesirable (Major x Low)`: the score, what the policy calls it, and what gives it. A number alone
/// says nothing to a reader of another matrix.
fn risk_in_words(risk: u8, rating: &Rating, policy: &RiskPolicy) -> String {
    let word = policy.acceptability(risk).map_or_else(String::new, |entry| format!(", {}", entry.word));
    format!("{risk}{word} ({})", severity_by_likelihood(rating))
}

/// The line, from 1, that a part of a text begins on.
fn line_of(text: &str, part: &str) -> usize {
    let before = text.find(part).map_or("", |at| &text[..at]);
    1 + before.matches('\n').count()
}

/// What the log's own notes say that may be the reason for a rating. Whether it is one is for somebody to say: a
/// text is never taken for a decision.
fn reason_in_notes(hazard: &Hazard, provenance: &Provenance) -> String {
    let Some(notes) = hazard.notes.as_deref() else { return String::new() };
    let reason =
        notes.split_inclusive(['.', '\n']).find(|sentence| WORDING.writing.reasons.is_in(&words(sentence)));
    let place = provenance.place(&format!("hazards/{}/notes", hazard.key));
    let cell = place.and_then(|place| place.cell).map_or_else(String::new, |cell| format!(" ({cell})"));
    reason.map_or_else(String::new, |reason| {
        format!(
            " The log's notes{cell} may hold one, which nobody has recorded as the reason: \"{}\".",
            excerpt(reason)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::Fixture;
    use crate::case::observation::ObservationKind;
    use std::collections::HashSet;

    #[test]
    fn ids_are_unique() {
        let mut seen = HashSet::new();
        for check in checks() {
            assert!(seen.insert(check.id), "{} is used twice", check.id);
        }
    }

    #[test]
    fn every_check_explains_itself() {
        for check in checks() {
            let sentence = |text: &str| text.len() > 20 && text.ends_with('.');
            assert!(!check.title.is_empty() && !check.title.ends_with('.'), "{}", check.id);
            assert!(sentence(check.why), "{}: why", check.id);
            assert!(sentence(check.remedy), "{}: remedy", check.id);
            assert!(!check.runs.is_empty(), "{} never runs", check.id);
        }
    }

    /// The report prints them, and its reader knows no files.
    #[test]
    fn a_safety_officer_reads_no_words_of_files_and_keys() {
        for check in checks() {
            for text in [check.title, check.why, check.remedy] {
                for word in ["`", ".toml", "[[", "--", "{{", "_"] {
                    assert!(!text.contains(word), "{}: {word} in {text:?}", check.id);
                }
            }
        }
    }

    #[test]
    fn every_clause_is_written_as_a_clause() {
        for check in checks() {
            for clause in check.clause.iter().flat_map(|clauses| clauses.split(", ")) {
                let numbers: Vec<&str> = clause.split('.').collect();
                assert_eq!(numbers.len(), 3, "{}: {clause}", check.id);
                assert!(numbers.iter().all(|number| number.parse::<u8>().is_ok()), "{}: {clause}", check.id);
            }
        }
    }

    /// A clause that nobody checks cannot have findings of checks beside it.
    #[test]
    fn no_check_names_a_clause_that_nobody_checks() {
        use crate::case::clause::{CheckedBy, ClauseTable};
        let table = ClauseTable::dcb0129();
        for check in checks() {
            for clause in check.clause.iter().flat_map(|clauses| clauses.split(", ")) {
                let is_unchecked =
                    table.clause(clause).is_some_and(|clause| clause.checked_by == CheckedBy::NobodyYet);
                assert!(!is_unchecked, "{}: {clause}", check.id);
            }
        }
    }

    /// The kind after this one. A new kind does not compile until it is in the chain.
    fn next(kind: ObservationKind) -> Option<ObservationKind> {
        use ObservationKind as Kind;
        Some(match kind {
            Kind::RowJoined => Kind::DuplicateHazardId,
            Kind::DuplicateHazardId => Kind::DuplicateControlId,
            Kind::DuplicateControlId => Kind::MissingControlId,
            Kind::MissingControlId => Kind::IdSpelling,
            Kind::IdSpelling => Kind::IdPrefix,
            Kind::IdPrefix => Kind::ListLength,
            Kind::ListLength => Kind::Hidden,
            Kind::Hidden => Kind::NotAControl,
            Kind::NotAControl => Kind::RowsDisagree,
            Kind::RowsDisagree => Kind::RatingsDisagree,
            Kind::RatingsDisagree => Kind::ShiftedContent,
            Kind::ShiftedContent => Kind::TransferWithoutRecipient,
            Kind::TransferWithoutRecipient => Kind::StruckThrough,
            Kind::StruckThrough => Kind::Comment,
            Kind::Comment => Kind::FormulaReadsOtherCells,
            Kind::FormulaReadsOtherCells => Kind::ErrorValue,
            Kind::ErrorValue => Kind::UnsavedValue,
            Kind::UnsavedValue => Kind::BrokenName,
            Kind::BrokenName => Kind::NotInList,
            Kind::NotInList => Kind::MalformedDate,
            Kind::MalformedDate => Kind::Unmapped,
            Kind::Unmapped => Kind::SheetNotRead,
            Kind::SheetNotRead => Kind::ListsNotRead,
            Kind::ListsNotRead => Kind::BlankRows,
            Kind::BlankRows => Kind::FormatTellsLess,
            Kind::FormatTellsLess => Kind::HazardSheetNotRead,
            Kind::HazardSheetNotRead => Kind::LayoutInDoubt,
            Kind::LayoutInDoubt => Kind::ReceivedLog,
            Kind::ReceivedLog => Kind::Unused,
            Kind::Unused => Kind::MissingFile,
            Kind::MissingFile => Kind::ApprovalEvidence,
            Kind::ApprovalEvidence => Kind::AlteredSnapshot,
            Kind::AlteredSnapshot => Kind::Unprintable,
            Kind::Unprintable => return None,
        })
    }

    #[test]
    fn every_kind_of_observation_belongs_to_one_check() {
        let kinds = std::iter::successors(Some(ObservationKind::RowJoined), |kind| next(*kind));
        for kind in kinds {
            let findings = Fixture::observing(kind).imported();
            assert_eq!(findings.len(), 1, "{kind:?}: {findings:?}");
        }
    }

    #[test]
    fn a_check_is_found_by_its_id() {
        assert_eq!(
            check("B5").map(|check| check.title),
            Some("Stated residual risk differs from the matrix")
        );
        assert!(check("Z1").is_none());
    }
}
