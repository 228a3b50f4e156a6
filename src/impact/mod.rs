//! Impact: what a change touches, beside what differs.
//!
//! Made of a comparison and of the verdict on its new side: approvals that no longer count, clauses to look at again,
//! sections of the report to read again, hazards that have a changed control in common, reviews that are older than what
//! they reviewed, and whether clinical risk seems changed. It points and judges nothing: what a change means, people say.
//!
//! What a clause or a section is made of is told by places of the canonical case ([`touched`]), in one table each.

mod clauses;
mod controls;
mod reviews;
mod sections;
mod touched;

pub use clauses::ClauseToReview;
pub use controls::{SharedControl, Sharing};
pub use reviews::OutdatedReview;
pub use sections::SectionToRead;

use crate::assurance::{ApprovalRecord, ApprovalState, Assurance, clauses as clause_rows};
use crate::case::approval::ApprovedDocument;
use crate::case::{Case, Date};
use crate::change::{Bearing, ClinicalRisk, Comparison};
use serde::Serialize;
use serde_json::Value;
use touched::Touched;

/// What a change touches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Impact {
    /// Whether clinical risk seems changed: a proposal.
    pub clinical_risk: ClinicalRisk,
    /// The clause that the proposal leads to, as the case's table numbers it; none where it leaves the answer open.
    pub clause: Option<String>,
    /// What the case records of it.
    pub decision: RecordedDecision,
    pub stale_approvals: Vec<StaleApproval>,
    pub clauses: Vec<ClauseToReview>,
    pub sections: Vec<SectionToRead>,
    pub shared_controls: Vec<SharedControl>,
    pub outdated_reviews: Vec<OutdatedReview>,
}

/// What the case says of its modification (7.3.2, 7.3.3): the decision of its Clinical Safety Officer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordedDecision {
    /// The release that this one modifies.
    pub modifies: Option<String>,
    pub risk_changed: Option<bool>,
    pub rationale: Option<String>,
    /// It says that risk does not change, and the proposal is that it does.
    pub is_contradicted: bool,
}

/// An approval that the content has left behind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StaleApproval {
    pub document: ApprovedDocument,
    /// Id of the person, where the case knows them.
    pub person: Option<String>,
    pub name: String,
    pub date: Option<Date>,
    /// The whole, as a sentence.
    pub sentence: String,
}

impl Impact {
    /// What the change from an old canonical case touches in a case with this verdict.
    #[must_use]
    pub fn of(comparison: &Comparison, old: &Value, case: &Case, assurance: &Assurance) -> Self {
        let clinical_risk = ClinicalRisk::of(comparison);
        let touched = Touched::of(&comparison.changes);
        let stale_approvals = stale(assurance);
        let clause = match clinical_risk.answer {
            Bearing::SeemsChanged => Some("7.3.3"),
            Bearing::SeemsUnchanged => Some("7.3.2"),
            Bearing::Unclear => None,
        };
        Self {
            clause: clause.map(|clause| clause_rows::cited(clause, &case.clause_table)),
            decision: RecordedDecision::of(case, &clinical_risk),
            clauses: clauses::of(case, &touched, &stale_approvals),
            sections: sections::of(&touched),
            shared_controls: controls::shared(comparison, case, &assurance.graph),
            outdated_reviews: reviews::outdated(comparison, &clinical_risk, old, case, assurance),
            stale_approvals,
            clinical_risk,
        }
    }
}

impl RecordedDecision {
    fn of(case: &Case, proposed: &ClinicalRisk) -> Self {
        let release = &case.release;
        Self {
            modifies: release.modifies.clone(),
            risk_changed: release.risk_changed,
            rationale: release.change_rationale.clone(),
            is_contradicted: release.risk_changed == Some(false) && proposed.answer == Bearing::SeemsChanged,
        }
    }
}

fn stale(assurance: &Assurance) -> Vec<StaleApproval> {
    let all = assurance.approvals.iter().chain(&assurance.recorded_approvals);
    let told = |approval: &ApprovalState| StaleApproval {
        document: approval.document,
        person: approval.person.clone(),
        name: approval.name.clone(),
        date: approval.date,
        sentence: approval.sentence(),
    };
    all.filter(|approval| approval.state == ApprovalRecord::Stale).map(told).collect()
}

#[cfg(test)]
mod tests;
