//! Findings: what a check has to say, where, and what to do about it.

use crate::case::Place;
use serde::Serialize;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The report cannot be released while it stands.
    Blocking,
    Warning,
    Information,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable id of the check, such as `B5`.
    pub check: &'static str,
    pub level: Level,
    /// Clause of the standard, such as `6.1.4`; several are separated by a comma and a space.
    pub clause: Option<&'static str>,
    /// Title of the check.
    pub title: &'static str,
    /// Key of the hazard it concerns.
    pub hazard: Option<String>,
    pub message: String,
    pub remedy: String,
    pub source: Option<Place>,
}
