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
mod told;
mod touched;

pub use clauses::ClauseToReview;
pub use controls::{SharedControl, SharedEvidence, Sharing};
pub use reviews::OutdatedReview;
pub use sections::SectionToRead;
pub use told::{ImpactTold, PartTold, RiskTold};

use crate::assurance::{ApprovalRecord, ApprovalState, Assurance, clauses as clause_rows};
use crate::case::approval::ApprovedDocument;
use crate::case::clause::ClauseTable;
use crate::case::{Case, Date};
use crate::change::{Bearing, ClinicalRisk, Comparison};
use serde::Serialize;
use serde_json::{Value, json};
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
    pub shared_evidence: Vec<SharedEvidence>,
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
    /// The old side says the same of the same release: it was decided before this change, and not on it.
    pub is_as_before: bool,
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
        let release = json!({ "release": case.release });
        Self {
            clause: clause_of(&clinical_risk, &case.clause_table),
            decision: RecordedDecision::of(old, &release, &clinical_risk),
            clauses: clauses::of(case, &touched, &stale_approvals),
            sections: sections::of(&touched),
            shared_controls: controls::shared(comparison, old, case, &assurance.graph),
            shared_evidence: controls::evidence(comparison, old, case, &assurance.graph),
            outdated_reviews: reviews::outdated(comparison, &clinical_risk, old, case, assurance),
            stale_approvals,
            clinical_risk,
        }
    }
}

impl RecordedDecision {
    /// What the new side records; both sides are canonical cases, or as much of them as there is.
    #[must_use]
    pub fn of(old: &Value, new: &Value, proposed: &ClinicalRisk) -> Self {
        let own = |name: &str| new.get("release")?.get(name).filter(|value| !value.is_null());
        let was = |name: &str| old.get("release")?.get(name).filter(|value| !value.is_null());
        let text = |name: &str| own(name).and_then(Value::as_str).map(str::to_owned);
        let risk_changed = own("risk_changed").and_then(Value::as_bool);
        let is_same =
            ["modifies", "risk_changed", "change_rationale"].iter().all(|name| own(name) == was(name));
        Self {
            modifies: text("modifies"),
            risk_changed,
            rationale: text("change_rationale"),
            is_contradicted: risk_changed == Some(false) && proposed.answer == Bearing::SeemsChanged,
            is_as_before: risk_changed.is_some() && is_same,
        }
    }
}

/// The clause that a proposal leads to, as the table numbers it.
#[must_use]
pub fn clause_of(proposed: &ClinicalRisk, table: &ClauseTable) -> Option<String> {
    let clause = match proposed.answer {
        Bearing::SeemsChanged => "7.3.3",
        Bearing::SeemsUnchanged => "7.3.2",
        Bearing::Unclear => return None,
    };
    Some(clause_rows::cited(clause, table))
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
