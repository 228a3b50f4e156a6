//! The risk assessment: what was looked at before there was a hazard log, and what became of each item.
//!
//! Completeness is measured against these items. An item is answered by the hazards it led to or by a
//! reason why none is needed; an item with neither is a gap.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessedItem {
    pub id: String,
    pub kind: ItemKind,
    /// What was assessed, in the words of the risk assessment.
    pub text: String,
    /// TOM question that this item answers, such as `CS-02`.
    pub tom_question: Option<String>,
    /// Entry or exit point (id of an interface point) that this item answers.
    pub interface_point: Option<String>,
    /// Step of the workflow (its id) that this item answers.
    pub workflow_step: Option<String>,
    /// Hazards that answer the item.
    #[serde(default)]
    pub hazards: Vec<String>,
    /// Why no hazard is needed.
    pub no_hazard_because: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    TomQuestion,
    PotentialRisk,
    EntryPoint,
    ExitPoint,
    WorkflowStep,
    /// A failure of the product or of what it depends on (4.3.1).
    FaultCondition,
}
