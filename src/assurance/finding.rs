//! Findings: what a check has to say, where, and what to do about it.

use crate::case::quote::Quote;
use crate::case::{Date, Place};
use serde::Serialize;

/// What stands in a message before what differs from what was issued or approved.
pub const CHANGED_SINCE: &str = "Changed since: ";

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The report cannot be released while it stands.
    Blocking,
    Warning,
    Information,
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Blocking, Self::Warning, Self::Information];

    /// The word for it, in every output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Blocking => "blocking",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

/// Who can waive a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// The Clinical Safety Officer of the case.
    Cso,
    /// Any person of the case, by name.
    Anybody,
    Nobody,
}

/// What a check has to say of one thing that it saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable id of the check, such as `B5`.
    pub check: &'static str,
    pub level: Level,
    /// The clause that asks for it, with the standard that the number is of: `DCB0129 6.1.4, 6.1.2`.
    pub clause: Option<String>,
    /// Title of the check.
    pub title: &'static str,
    /// Key of the hazard it concerns.
    pub hazard: Option<String>,
    /// The hazards that it concerns, where these are several at once; `hazard` then names none.
    pub hazards: Vec<Concerned>,
    /// Path of the value that it is about, where there is one: `hazards/H01/residual/risk`.
    pub about: Option<String>,
    pub message: String,
    pub remedy: String,
    /// How that is done in the case folder, for whoever keeps its files.
    pub how: Option<String>,
    pub source: Option<Place>,
    /// What stands at that place.
    pub quote: Option<Quote>,
    /// Who lets it stand, where somebody does.
    pub waived: Option<Waived>,
}

/// One of several hazards that a finding concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Concerned {
    /// Key of the hazard.
    pub hazard: String,
    /// Where the hazard stands.
    pub source: Option<Place>,
}

/// A person's decision to let a finding stand for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waived {
    /// Id of the person.
    pub by: String,
    pub name: String,
    pub role: Option<String>,
    pub on: Date,
    /// The last day on which it counts.
    pub expires: Date,
    pub reason: String,
}

impl Finding {
    /// It stands in the way of a release: it is blocking, and nobody has waived it.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.level == Level::Blocking && self.stands()
    }

    /// It weighs what its level says: nobody has waived it.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.waived.is_none()
    }
}

impl Waived {
    /// Who, when, until when and why, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let role = self.role.as_ref().filter(|role| **role != self.name);
        let role = role.map(|role| format!(", {role},")).unwrap_or_default();
        format!(
            "Waived by {}{role} on {:#} until {:#}: {}",
            self.name,
            self.on,
            self.expires,
            self.reason.trim()
        )
    }
}
