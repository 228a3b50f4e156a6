//! The cross-reference between the risk assessment, the hazards, the PSA sessions and the actions:
//! what the completeness section prints.
//!
//! The types are here, the rules that give a state in [`rules`], the putting together in `build`, counts
//! and gaps in `summary`.

mod absent;
mod build;
pub mod rules;
mod summary;

pub use absent::AbsentEvidence;
use serde::Serialize;

/// Both directions: from the risk assessment to the hazards, and from the hazards back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CrossReference {
    pub items: Vec<ItemRow>,
    pub hazards: Vec<HazardRow>,
    pub sessions: Vec<SessionRow>,
    pub actions: Vec<ActionRow>,
    pub counts: CrossReferenceCounts,
    /// Ids of the evidence that is named and not there, in the order of the case: it shows nothing.
    pub absent_evidence: Vec<String>,
    /// Every gap by name, as a sentence each.
    pub gaps: Vec<Gap>,
}

/// Whether something is answered. Whether the answer is good enough is a person's judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "because")]
pub enum State {
    EvidenceFound,
    /// With what is missing.
    PartlyFound(String),
    NoneFound,
    /// With the phase or event that is awaited.
    AwaitingLaterPhase(String),
    /// With the reason.
    NotApplicable(String),
}

/// An item of the risk assessment, a TOM question or an entry or exit point, and what answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemRow {
    pub id: String,
    /// `tom-question`, `potential-risk`, `entry-point`, `exit-point`, `workflow-step` or `fault-condition`.
    pub kind: crate::case::risk_assessment::ItemKind,
    pub text: String,
    /// Ids of the TOM questions that it takes up and the entry or exit points that it looks at.
    pub takes_up: Vec<String>,
    /// The answer, where the item is a TOM question.
    pub answer: Option<String>,
    /// Keys of hazards of the log.
    pub hazards: Vec<String>,
    /// Hazard ids that the item names and the log lacks.
    pub unknown_hazards: Vec<String>,
    /// Ids of the sessions that discussed those hazards.
    pub sessions: Vec<String>,
    /// Ids of the evidence for those hazards' controls, as far as it is there.
    pub evidence: Vec<String>,
    #[serde(flatten)]
    pub state: State,
}

/// A hazard: where it comes from, who reviewed it, what answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HazardRow {
    pub key: String,
    /// Ids of the items and sessions that it comes from.
    pub origins: Vec<String>,
    pub sessions: Vec<String>,
    /// Last decision of a session, with the session's id.
    pub decision: Option<(crate::case::psa::Decision, String)>,
    pub additional_controls: usize,
    /// Own, not transferred, additional controls that evidence names which is there.
    pub controls_with_evidence: usize,
    /// Additional controls that have a recipient.
    pub transferred_controls: usize,
    /// Why 5.1.2 demands no control of it, where it demands none.
    pub exempt: Option<String>,
    #[serde(flatten)]
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionRow {
    pub id: String,
    pub kind: String,
    pub date: crate::case::Date,
    /// Keys of hazards of the log that it discussed or raised.
    pub hazards: Vec<String>,
    pub unknown_hazards: Vec<String>,
    pub open_actions: usize,
    #[serde(flatten)]
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionRow {
    pub id: String,
    pub session: String,
    pub text: String,
    pub owner: Option<String>,
    pub due: Option<crate::case::Date>,
    pub closed: bool,
    pub overdue: bool,
    pub hazard: Option<String>,
    #[serde(flatten)]
    pub state: State,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CrossReferenceCounts {
    pub items: usize,
    pub items_answered: usize,
    pub items_partly: usize,
    pub items_not_applicable: usize,
    pub items_unanswered: usize,
    pub hazards: usize,
    pub hazards_without_origin: usize,
    pub hazards_not_reviewed: usize,
    pub sessions: usize,
    pub actions: usize,
    pub actions_open: usize,
    pub actions_overdue: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// What the gap is in: an item id, hazard key, session id or action id.
    pub subject: String,
    pub message: String,
}
