//! What a column of a hazard log can mean.

use crate::case::hazard::ControlKind;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub enum Field {
    HazardId,
    HazardName,
    Category,
    Description,
    Impact,
    /// Number of the cause in a column of its own.
    CauseId,
    Causes,
    ExistingControls,
    /// Additional controls; of one kind, or of the kind that another column says.
    AdditionalControls(ControlKind),
    /// Number of the control in a column of its own.
    ControlId,
    ControlType,
    ControlOwner,
    ControlAction,
    ControlStatus,
    ControlEvidence,
    Severity(Stage),
    Likelihood(Stage),
    Risk(Stage),
    Notes,
    Owner,
    Status,
    Release,
    /// What the item of a row is: a hazard, a cause or a control.
    ItemType,
    /// The key of the item that the item of a row belongs to.
    ParentId,
}

/// Which of the two ratings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Initial,
    Residual,
}

impl Stage {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Residual => "residual",
        }
    }
}

/// Each field, by the word that a mapping file and the table of header words have for it.
const KEYS: [(&str, Field); 31] = [
    ("hazard-id", Field::HazardId),
    ("hazard-name", Field::HazardName),
    ("category", Field::Category),
    ("description", Field::Description),
    ("impact", Field::Impact),
    ("cause-id", Field::CauseId),
    ("causes", Field::Causes),
    ("existing-controls", Field::ExistingControls),
    ("design-controls", Field::AdditionalControls(ControlKind::Design)),
    ("test-controls", Field::AdditionalControls(ControlKind::Test)),
    ("training-controls", Field::AdditionalControls(ControlKind::Training)),
    ("business-process-controls", Field::AdditionalControls(ControlKind::BusinessProcess)),
    ("additional-controls", Field::AdditionalControls(ControlKind::Unspecified)),
    ("control-id", Field::ControlId),
    ("control-type", Field::ControlType),
    ("control-owner", Field::ControlOwner),
    ("control-action", Field::ControlAction),
    ("control-status", Field::ControlStatus),
    ("control-evidence", Field::ControlEvidence),
    ("initial-severity", Field::Severity(Stage::Initial)),
    ("initial-likelihood", Field::Likelihood(Stage::Initial)),
    ("initial-risk", Field::Risk(Stage::Initial)),
    ("residual-severity", Field::Severity(Stage::Residual)),
    ("residual-likelihood", Field::Likelihood(Stage::Residual)),
    ("residual-risk", Field::Risk(Stage::Residual)),
    ("notes", Field::Notes),
    ("owner", Field::Owner),
    ("status", Field::Status),
    ("release", Field::Release),
    ("item-type", Field::ItemType),
    ("parent-id", Field::ParentId),
];

/// The words of a mapping file that stand for a field.
static WORDS: [&str; KEYS.len()] = {
    let mut words = [""; KEYS.len()];
    let mut at = 0;
    while at < KEYS.len() {
        words[at] = KEYS[at].0;
        at += 1;
    }
    words
};

impl Field {
    /// Every field, in the order of the report.
    pub fn all() -> impl Iterator<Item = Self> {
        KEYS.iter().map(|(_, field)| *field)
    }

    /// The field's word in a mapping file, such as `initial-severity`.
    #[must_use]
    pub fn key(self) -> &'static str {
        KEYS.iter().find(|(_, field)| *field == self).map_or("additional-controls", |(key, _)| key)
    }

    /// The field that a word of a mapping file stands for.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        KEYS.iter().find(|(known, _)| *known == key).map(|(_, field)| *field)
    }

    /// Whether several columns may have this meaning: their texts are read one after the other.
    #[must_use]
    pub fn may_repeat(self) -> bool {
        matches!(self, Self::ExistingControls | Self::AdditionalControls(_) | Self::Notes)
    }

    /// Whether only a hazard log has such a column: lists of actions and issues have numbers and owners too.
    pub(super) fn is_of_analysis(self) -> bool {
        matches!(
            self,
            Self::Impact
                | Self::Causes
                | Self::ExistingControls
                | Self::AdditionalControls(_)
                | Self::Severity(_)
                | Self::Likelihood(_)
                | Self::Risk(_)
        )
    }
}

impl JsonSchema for Field {
    fn schema_name() -> Cow<'static, str> {
        "Field".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "What a column holds.", "enum": WORDS })
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        Self::of_key(&key).ok_or_else(|| serde::de::Error::unknown_variant(&key, &WORDS))
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.to_string()
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = match self {
            Self::HazardId => "hazard number",
            Self::HazardName => "hazard name",
            Self::Category => "category",
            Self::Description => "description",
            Self::Impact => "clinical impact",
            Self::CauseId => "cause number",
            Self::Causes => "causes",
            Self::ExistingControls => "existing controls",
            Self::AdditionalControls(ControlKind::Design) => "additional controls: design",
            Self::AdditionalControls(ControlKind::Test) => "additional controls: test",
            Self::AdditionalControls(ControlKind::Training) => "additional controls: training",
            Self::AdditionalControls(ControlKind::BusinessProcess) => "additional controls: business process",
            Self::AdditionalControls(_) => "additional controls",
            Self::ControlId => "control number",
            Self::ControlType => "control type",
            Self::ControlOwner => "control owner",
            Self::ControlAction => "control action",
            Self::ControlStatus => "control status",
            Self::ControlEvidence => "control evidence",
            Self::Severity(stage) => return write!(f, "{} severity", stage.as_str()),
            Self::Likelihood(stage) => return write!(f, "{} likelihood", stage.as_str()),
            Self::Risk(stage) => return write!(f, "{} risk", stage.as_str()),
            Self::Notes => "actions and notes",
            Self::Owner => "hazard owner",
            Self::Status => "hazard status",
            Self::Release => "release",
            Self::ItemType => "type of the item",
            Self::ParentId => "item that it belongs to",
        };
        f.write_str(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_has_a_key_of_its_own() {
        assert!(Field::all().all(|field| Field::of_key(field.key()) == Some(field)));
        assert_eq!(WORDS.iter().collect::<BTreeSet<_>>().len(), WORDS.len());
        assert_eq!(Field::of_key("colour"), None);
    }
}
