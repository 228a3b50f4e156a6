//! Compliance answers: what a named person says of each clause.
//!
//! The engine says which evidence it found. Whether a clause is met is for a person to judge and to answer
//! for; the two are printed side by side.

use super::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person's answer to one clause, from `compliance.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplianceAnswer {
    /// Number of the clause, such as `6.3.1`.
    pub clause: String,
    pub answer: Answer,
    /// Why: the evidence, what is lacking, or what is awaited.
    pub statement: Option<String>,
    /// Id or name of who answers.
    pub by: Option<String>,
    pub on: Option<Date>,
}

impl ComplianceAnswer {
    /// The statement, where it says anything.
    #[must_use]
    pub fn stated(&self) -> Option<&str> {
        self.statement.as_deref().map(str::trim).filter(|statement| !statement.is_empty())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Yes,
    No,
    NotApplicable,
    Partial,
    /// For steps of the lifecycle that are not due yet.
    Awaiting,
}

impl Answer {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::NotApplicable => "Not applicable",
            Self::Partial => "Partial",
            Self::Awaiting => "Awaiting",
        }
    }
}
