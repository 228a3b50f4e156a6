//! Waivers: a named person's decision to let a finding stand for a while, and why.
//!
//! A waiver changes nothing that a check sees. It belongs to the case, so that whoever approves the report
//! approves its waivers too. Who may waive what is for assurance to say.

use super::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A recorded waiver, from `waivers.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Id of the check whose findings are waived.
    pub check: String,
    /// Key of the hazard whose findings are waived; without it, those of any hazard and of none.
    pub hazard: Option<String>,
    /// What the findings are about: the id of a control, cause, item, session and the like, the path of a
    /// value, or a cell. Without it, whatever they are about.
    pub about: Option<String>,
    /// Id of the person who waives.
    pub by: String,
    pub reason: String,
    /// When it was decided.
    pub on: Date,
    /// The last day on which it counts.
    pub expires: Date,
}

impl Waiver {
    /// Whether it has been given and has not run out.
    #[must_use]
    pub fn is_in_force(&self, as_of: Date) -> bool {
        self.on <= as_of && as_of <= self.expires
    }
}
