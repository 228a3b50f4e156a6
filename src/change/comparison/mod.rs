//! Changes for people: what they come to, of risk, of controls, of decisions, beside what differs field by field.
//!
//! The terminal, the JSON and the report print this one value. All of it follows from the two cases; nothing here judges
//! whether a change matters.

mod parts;
mod records;
mod risk;
mod summary;

pub(in crate::change) use parts::changes as parts_of;
pub use parts::{PartChange, PartChangeKind, PartKind, PartPlace};
pub(in crate::change) use records::decision_told;
pub use records::{
    ActionChange, ActionChangeKind, AnswerChange, DecisionChange, EntryChange, Presence, TextChange,
    TomChange,
};
pub use risk::{Direction, HazardRisk, Move, Movement, PolicyMovement, Rated, RiskMovement, Tally};

use super::{Changes, FieldChange, Section};
use serde::Serialize;
use serde_json::Value;

/// What two cases were compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Everything that a case says.
    Case,
    /// The hazard log alone, because one side is no more than that.
    HazardLog,
}

/// Two cases, compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    pub scope: Scope,
    /// Both say the same.
    pub equal: bool,
    /// What changed, in a sentence.
    pub summary: String,
    pub risk: RiskMovement,
    /// Causes and controls that came, went, or changed.
    pub parts: Vec<PartChange>,
    /// Actions of PSA sessions.
    pub actions: Vec<ActionChange>,
    /// What PSA sessions decided of hazards.
    pub decisions: Vec<DecisionChange>,
    /// Items of the risk assessment.
    pub risk_assessment: Vec<EntryChange>,
    pub tom: TomChange,
    pub people: Vec<EntryChange>,
    pub narrative: Vec<TextChange>,
    /// All that differs, field by field.
    #[serde(flatten)]
    pub changes: Changes,
}

impl Comparison {
    /// Compares two canonical cases, or parts of them.
    #[must_use]
    pub fn between(old: &Value, new: &Value, scope: Scope) -> Self {
        let changes = Changes::between(old, new);
        let mut comparison = Self {
            scope,
            equal: changes.is_empty(),
            summary: String::new(),
            risk: RiskMovement::between(old, new, &changes),
            parts: parts::changes(&changes),
            actions: records::actions(old, new, &changes),
            decisions: records::decisions(old, new, &changes),
            risk_assessment: records::entries(
                &changes,
                Section::RiskAssessment,
                "risk_assessment",
                (old, new),
            ),
            tom: TomChange::between(old, new),
            people: records::entries(&changes, Section::People, "people", (old, new)),
            narrative: records::narrative(&changes),
            changes,
        };
        comparison.summary = summary::sentence(&comparison);
        comparison
    }
}

impl Changes {
    /// What differs in a section.
    #[must_use]
    pub fn section(&self, section: Section) -> &[FieldChange] {
        let found = self.sections.iter().find(|change| change.section == section);
        found.map_or(&[], |change| change.fields.as_slice())
    }
}

#[cfg(test)]
mod tests;
