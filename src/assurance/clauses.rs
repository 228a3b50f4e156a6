//! The clauses of the standard, each with the evidence that was found, where this report shows it, and what a
//! person answered.
//!
//! What is looked at for a clause stands in the clause table, as the names of [`probes`]; what a check found
//! wrong bears on the clauses that the check names. The two together are what the engine says. It never says
//! that a clause is met: that is a person's judgement, which stands in `compliance.toml` and beside the engine's
//! words in the report.

mod answers;
mod lifecycle;
pub mod probes;
pub mod reference;
mod sight;
mod table;

pub use answers::{AnswerMark, MarkKind};
pub use sight::{ClauseState, Sight};

use super::examined::Examined;
use super::finding::{Finding, Level};
use crate::case::Date;
use crate::case::clause::{CheckedBy, ClauseTable, EvidencePlace, Force};
use crate::case::compliance::Answer;
use crate::case::standard::StandardName;
use serde::Serialize;
use std::collections::HashSet;

/// What a probe may look at: the case, and what the checks found.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub examined: &'a Examined<'a>,
    pub findings: &'a [Finding],
}

/// A clause with what answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseRow {
    pub number: String,
    /// What the number is of: the standard's name, or the title of a table with numbers of its own.
    pub table: String,
    /// Number and heading of its group, such as `6.3` and its words.
    pub group: String,
    pub heading: String,
    pub requirement: String,
    /// Number and requirement were compared with the official text.
    pub verified: bool,
    pub force: Force,
    pub checked_by: CheckedBy,
    pub evidence_in: Vec<EvidencePlace>,
    /// What the engine says, and because of what.
    #[serde(flatten)]
    pub state: ClauseState,
    /// Labels of the report where it is shown, such as `section:test-issues`, `part:scope`, `hazard:H01`.
    pub anchors: Vec<String>,
    /// Checks that name the clause and found something, the blocking ones first.
    pub findings: Vec<ClauseFinding>,
    /// Hazards that 5.1.2 or 6.3.1 exempts from what the clause demands.
    pub exempt: Vec<String>,
    pub answer: Option<Answer>,
    pub statement: Option<String>,
    /// Id or name of who answered.
    pub by: Option<String>,
    pub on: Option<Date>,
    /// How the answer and the engine's words differ, as a sentence.
    pub disagreement: Option<String>,
    /// What has to be known of the answer, each in a few words.
    pub marks: Vec<AnswerMark>,
}

impl ClauseRow {
    /// The number with what it is of: `DCB0129 6.3.1`.
    #[must_use]
    pub fn cited(&self) -> String {
        format!("{} {}", self.table, self.number)
    }
}

/// How many findings of a check bear on a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseFinding {
    pub check: &'static str,
    pub level: Level,
    pub count: usize,
    /// How many of them somebody has waived.
    pub waived: usize,
}

impl ClauseFinding {
    /// How many of them stand in the way of a release.
    #[must_use]
    pub fn blocking(&self) -> usize {
        if self.level == Level::Blocking { self.count - self.waived } else { 0 }
    }
}

/// How many clauses there are of each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ClauseCounts {
    pub clauses: usize,
    pub evidence_found: usize,
    pub partly_found: usize,
    pub none_found: usize,
    pub awaiting: usize,
    pub not_applicable: usize,
    pub not_looked_at: usize,
    pub answered_yes: usize,
    pub answered_no: usize,
    pub answered_partial: usize,
    pub answered_not_applicable: usize,
    pub answered_awaiting: usize,
    pub unanswered: usize,
    pub disagreements: usize,
    /// Answers that a check has something to say of, other than that they differ.
    pub faulty_answers: usize,
}

/// Clauses of DCB0129 as a case knows them: by the numbers of the table that it is measured by, each with the name
/// of the standard or table that the number is of.
///
/// `DCB0129 6.1.4, 6.1.2`; in another table `DCB0160 6.1.4 [not verified]`. A clause without a counterpart there stays
/// the clause of DCB0129.
#[must_use]
pub fn cited(clauses: &str, table: &ClauseTable) -> String {
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for number in clauses.split(", ") {
        let known = table.clauses().filter(|clause| table.known_as(clause) == Some(number));
        let before = own.len();
        own.extend(known.map(|clause| clause.number.as_str()));
        if own.len() == before {
            others.push(number);
        }
    }
    let manufacture = StandardName::Dcb0129.as_str();
    if table.name() == manufacture && table.verified {
        own.append(&mut others);
    }
    let mut seen = HashSet::new();
    own.retain(|number| seen.insert(*number));
    let of = |name: &str, numbers: &[&str], remark: &str| {
        (!numbers.is_empty()).then(|| format!("{name} {}{remark}", numbers.join(", ")))
    };
    let unverified = if table.verified { "" } else { " [not verified]" };
    let parts = [of(table.name(), &own, unverified), of(manufacture, &others, "")];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Every clause of the case's table, in its order.
#[must_use]
pub fn rows(scene: &Scene<'_>) -> Vec<ClauseRow> {
    table::rows(scene)
}

impl ClauseCounts {
    #[must_use]
    pub fn of(rows: &[ClauseRow]) -> Self {
        let mut counts = Self { clauses: rows.len(), ..Self::default() };
        for row in rows {
            *match row.state {
                ClauseState::EvidenceFound(_) => &mut counts.evidence_found,
                ClauseState::PartlyFound(_) => &mut counts.partly_found,
                ClauseState::NoneFound(_) => &mut counts.none_found,
                ClauseState::AwaitingLaterPhase(_) => &mut counts.awaiting,
                ClauseState::NotApplicable(_) => &mut counts.not_applicable,
                ClauseState::NotLookedAt(_) => &mut counts.not_looked_at,
            } += 1;
            *match row.answer {
                Some(Answer::Yes) => &mut counts.answered_yes,
                Some(Answer::No) => &mut counts.answered_no,
                Some(Answer::Partial) => &mut counts.answered_partial,
                Some(Answer::NotApplicable) => &mut counts.answered_not_applicable,
                Some(Answer::Awaiting) => &mut counts.answered_awaiting,
                None => &mut counts.unanswered,
            } += 1;
            counts.disagreements += usize::from(row.disagreement.is_some());
            let is_fault = |mark: &AnswerMark| mark.check.is_some() && mark.kind != MarkKind::Differs;
            counts.faulty_answers += usize::from(row.marks.iter().any(is_fault));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, rating};
    use crate::case::clause::Numbering;

    #[test]
    fn a_clause_is_cited_by_the_numbers_of_the_table_that_the_case_is_measured_by() {
        assert_eq!(cited("6.1.4, 6.1.2", &ClauseTable::dcb0129()), "DCB0129 6.1.4, 6.1.2");
        let deployment = ClauseTable::dcb0160();
        assert_eq!(cited("3.1.4", &deployment), "DCB0160 3.1.3 [not verified]");
        // What has no counterpart stays a clause of the other standard, and says so.
        let without = ClauseTable::dcb0129();
        let without = without.clauses().find(|clause| {
            !deployment.clauses().any(|other| other.counterpart.as_ref() == Some(&clause.number))
        });
        let without = &without.expect("a clause that only manufacturers have").number;
        assert_eq!(cited(without, &deployment), format!("DCB0129 {without}"));
        let both = format!("3.1.4, {without}");
        assert_eq!(cited(&both, &deployment), format!("DCB0160 3.1.3 [not verified]; DCB0129 {without}"));
    }

    #[test]
    fn an_organisations_own_numbers_are_never_taken_for_the_standards() {
        let mut table = ClauseTable {
            title: "Our rules".to_owned(),
            numbering: Numbering::Own,
            ..ClauseTable::dcb0129()
        };
        assert_eq!(cited("6.1.4", &table), "DCB0129 6.1.4");
        let clause = table.groups.iter_mut().flat_map(|group| &mut group.clauses);
        for (clause, own) in
            clause.filter(|c| ["2.1.1", "2.2.1"].contains(&c.number.as_str())).zip(["7", "8"])
        {
            (clause.number, clause.counterpart) = (own.to_owned(), Some("6.1.4".to_owned()));
        }
        assert_eq!(cited("6.1.4", &table), "Our rules 7, 8");
        assert_eq!(cited("6.1.4, 6.1.2", &table), "Our rules 7, 8; DCB0129 6.1.2");
    }

    #[test]
    fn every_finding_cites_the_standard_that_the_case_claims() {
        let fixture = Fixture::with(|fixture| {
            fixture.case.clause_table = ClauseTable::dcb0160();
            fixture.hazard().residual = rating("Major", "High", 4);
        });
        let clause = fixture.findings("C7")[0].clause.clone();
        assert_eq!(clause.as_deref(), Some("DCB0160 6.1.4, 6.1.2 [not verified]"));
        assert_eq!(fixture.imported()[0].clause.as_deref(), Some("DCB0129 6.1.4, 6.1.2"));
    }
}
