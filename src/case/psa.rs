//! Patient Safety Assessment (PSA) sessions: the recorded meetings where patient safety is reviewed.

use super::Date;
use super::condition::Condition;
use super::hazard::HazardRating;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One session; a release has one or more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PsaSession {
    pub id: String,
    pub title: Option<String>,
    /// Kind of session, such as `HAZID workshop`, `HAZAN workshop`, `mitigation review`, `closing`.
    pub kind: String,
    pub date: Date,
    /// Analysis method, such as `SWIFT`.
    pub method: Option<String>,
    pub hazard_log_version: Option<String>,
    pub chair: Option<String>,
    /// Reference of the minutes.
    pub minutes: Option<String>,
    #[serde(default)]
    pub attendees: Vec<Attendee>,
    /// Hazards that were discussed.
    #[serde(default)]
    pub discussed: Vec<Discussion>,
    /// Hazards that were raised at this session.
    #[serde(default)]
    pub new_hazards: Vec<NewHazard>,
    #[serde(default)]
    pub actions: Vec<PsaAction>,
    pub outcome: Option<String>,
    /// Under which the outcome holds.
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

/// Sessions in the order of their dates; those of one day stay in theirs, which is that of their files' names.
#[must_use]
pub fn by_date(sessions: &[PsaSession]) -> Vec<&PsaSession> {
    let mut sessions: Vec<&PsaSession> = sessions.iter().collect();
    sessions.sort_by_key(|session| session.date);
    sessions
}

/// Who was there. A person of the case is named by id, anybody else by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attendee {
    pub person: Option<String>,
    pub name: Option<String>,
    pub role: Option<String>,
    pub organisation: Option<String>,
    /// Registration as the minutes give it, such as `GMC 0000000`.
    pub registration: Option<String>,
    #[serde(default)]
    pub apologies: bool,
}

/// What a session said of one hazard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discussion {
    pub hazard: String,
    pub before: Option<HazardRating>,
    pub after: Option<HazardRating>,
    pub decision: Option<Decision>,
    pub reason: Option<String>,
    /// Who takes a transferred risk on.
    pub recipient: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    Accept,
    Control,
    Transfer,
    Close,
    Reject,
    Defer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHazard {
    /// Hazard id given to it, where it has one already.
    pub hazard: Option<String>,
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PsaAction {
    pub id: String,
    pub text: String,
    pub owner: Option<String>,
    pub due: Option<Date>,
    pub state: ActionState,
    pub closed: Option<Date>,
    pub hazard: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ActionState {
    Open,
    Closed,
}
