//! A hazard log as people and programs write it in TOML and JSON.
//!
//! The keys of a file are the fields of these types, and their comments are what `cscr schema hazard-log` says of
//! each key. Nothing here can be worked out from something else: keys, states, and the risk of the matrix are not.

use crate::case::document::{Revision, Signatory};
use crate::case::hazard::{Acceptance, Condition, ControlKind, RiskBenefit};
use crate::case::hazard_log::{RetiredHazard, StatedMatrix};
use crate::case::system::Declared;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// A hazard log (DCB0129 3.3): its cover, its history, its hazards.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LogRecord {
    /// Title on the cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Directorate or programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// Sub-programme or project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Programme director.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub director: Option<String>,
    /// Owner of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Author of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Version of the log, as text: "1.0".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Date of that version.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "crate::case::date::as_stated")]
    pub version_date: Option<String>,
    /// Status of the log, such as "Draft" or "Approved".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Id of the risk policy whose words rate the hazards: the matrix. Where it is left out, the one of the case,
    /// which is the NHS matrix unless case.toml has another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_policy: Option<String>,
    /// What else the log says of itself: its purpose, who it goes to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Amendment history, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<Revision>,
    /// Who reviews the log.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reviewers: Vec<Signatory>,
    /// Who must approve the log. To be named here is no approval.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<Signatory>,
    /// The risk matrix that the log itself prints, to be held against the risk policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matrix: Option<StatedMatrix>,
    /// The hazards, in the order of the log.
    pub hazards: Vec<HazardRecord>,
    /// Hazards that were taken out of the log, each with who decided and why; their ids are not used again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retired: Vec<RetiredHazard>,
}

/// A potential source of harm to a patient.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HazardRecord {
    /// Hazard number, used once in the log; the other files of a case name the hazard by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Hazard name: a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What goes wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Potential clinical impact: the harm to a patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// Kind of hazard, in the words of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Whether the hazard arises in normal use, under fault, or in both (4.3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Owner of the hazard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Status: "Open" while actions are outstanding, "Closed", or "Transferred" where the residual controls are
    /// another organisation's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who takes the risk on, where it is transferred (6.3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transferred_to: Option<String>,
    /// Release that introduced the hazard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Summary of actions and notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Why the residual severity is lower than the initial one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity_reason: Option<String>,
    /// What became of the project where the benefits do not outweigh the risk (6.2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reappraisal: Option<String>,
    /// Id of the risk policy that rates this hazard, where it is not that of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_policy: Option<String>,
    /// Rating with the existing controls only (4.4.1).
    #[serde(skip_serializing_if = "RatingRecord::is_blank")]
    pub initial: RatingRecord,
    /// Rating with the additional controls as well (6.1.4).
    #[serde(skip_serializing_if = "RatingRecord::is_blank")]
    pub residual: RatingRecord,
    /// Recorded decision that the initial risk is acceptable (5.1.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_acceptance: Option<Acceptance>,
    /// Recorded decision that the residual risk is accepted as it is (6.1.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub residual_acceptance: Option<Acceptance>,
    /// Whether clinical benefits outweigh the residual risk (6.1.6, 6.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_benefit: Option<RiskBenefit>,
    /// What can bring the hazard about.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "texts_or_records")]
    #[schemars(with = "Vec<TextOr<CauseRecord>>")]
    pub causes: Vec<CauseRecord>,
    /// Controls that were in place before this work: they belong to the initial rating.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "texts_or_records")]
    #[schemars(with = "Vec<TextOr<ControlRecord>>")]
    pub existing_controls: Vec<ControlRecord>,
    /// Additional controls: they belong to the residual rating.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "texts_or_records")]
    #[schemars(with = "Vec<TextOr<ControlRecord>>")]
    pub controls: Vec<ControlRecord>,
}

/// Severity, likelihood and risk, as the log states them. The risk of the matrix is worked out anew.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RatingRecord {
    /// Severity in the words of the risk policy, of which the NHS matrix has Minor, Significant, Considerable,
    /// Major and Catastrophic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Stated>,
    /// Likelihood in the words of the risk policy, of which the NHS matrix has Very Low, Low, Medium, High and
    /// Very High.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Stated>,
    /// Risk that the log states. It is held against the matrix and never trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<Stated>,
}

impl RatingRecord {
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

/// A word or a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a word or a number")]
pub enum Stated {
    Whole(i64),
    Fraction(f64),
    Words(String),
}

impl fmt::Display for Stated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(f),
            Self::Fraction(number) => number.fmt(f),
            Self::Words(words) => f.write_str(words.trim()),
        }
    }
}

/// What can bring a hazard about; a text alone is enough.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CauseRecord {
    /// Id, used once in the hazard; without one the cause is numbered by its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The cause in words.
    pub text: String,
    /// Ids of the controls of this hazard that answer it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// How it is known that they do; "stated" unless it says "inferred", which programs write that took the link
    /// from equal list numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkRecord>,
    /// What is to be said in place of a control, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_control: Option<String>,
}

/// How a link between a cause and its controls is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LinkRecord {
    Stated,
    Inferred,
}

/// What is or will be done about a hazard; a text alone is enough.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ControlRecord {
    /// Id, used once in the hazard; without one the control is numbered by its kind and place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Kind of control. Left out, an existing control is "existing" and an additional one "unspecified".
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ControlKind>,
    /// Kind of control in the log's own words, where they are others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_type: Option<String>,
    /// The control in words.
    pub text: String,
    /// Who is to see to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What is to be done for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Status of that, such as "Open", "Closed", "Implemented" or "Deferred to version 2.0".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who implements it, where it is another organisation's (6.3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transferred_to: Option<String>,
    /// Ids of evidence for it, from the case's evidence file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Evidence in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_evidence: Option<String>,
    /// Ids of the hazards that the control brings with it, or "none" where that was looked at and there are none
    /// (6.1.2).
    #[serde(skip_serializing_if = "is_not_given")]
    pub introduces: Declared<String>,
}

fn is_not_given(declared: &Declared<String>) -> bool {
    matches!(declared, Declared::NotGiven)
}

impl From<&str> for CauseRecord {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

impl From<&str> for ControlRecord {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// A text alone, or a table with more to say.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
enum TextOr<T> {
    #[allow(dead_code)] // for the schema: reading makes a record of it
    Text(String),
    Record(T),
}

impl<'de, T: Deserialize<'de> + for<'a> From<&'a str>> Deserialize<'de> for TextOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrRecord<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + for<'a> From<&'a str>> Visitor<'de> for TextOrRecord<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a table with id, text and more")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
                Ok(T::from(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_any(TextOrRecord(PhantomData)).map(Self::Record)
    }
}

fn texts_or_records<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + for<'a> From<&'a str>,
{
    let entries = Vec::<TextOr<T>>::deserialize(deserializer)?;
    Ok(entries
        .into_iter()
        .map(|entry| match entry {
            TextOr::Text(text) => T::from(&text),
            TextOr::Record(record) => record,
        })
        .collect())
}
