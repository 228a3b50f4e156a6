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
    /// Short id, such as "PSA-2".
    pub id: String,
    /// Title of the session.
    pub title: Option<String>,
    /// Kind of session, such as `HAZID workshop`, `HAZAN workshop`, `mitigation review`, `closing`.
    pub kind: String,
    /// Day of the session.
    pub date: Date,
    /// Analysis method, such as `SWIFT`.
    pub method: Option<String>,
    /// Version of the hazard log that was looked at, as text.
    pub hazard_log_version: Option<String>,
    /// Id or name of who led the session.
    pub chair: Option<String>,
    /// Id or name of who guided the discussion, where that was not the chair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facilitator: Option<String>,
    /// Reference of the minutes.
    pub minutes: Option<String>,
    /// Who was there, and who sent apologies.
    #[serde(default)]
    pub attendees: Vec<Attendee>,
    /// Hazards that were discussed.
    #[serde(default)]
    pub discussed: Vec<Discussion>,
    /// Hazards that were raised at this session.
    #[serde(default)]
    pub new_hazards: Vec<NewHazard>,
    /// Actions that were agreed.
    #[serde(default)]
    pub actions: Vec<PsaAction>,
    /// What the session decided as a whole.
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
    /// Id of the person, where case.toml knows them.
    pub person: Option<String>,
    /// Name, for anybody else.
    pub name: Option<String>,
    /// Role at the session.
    pub role: Option<String>,
    /// Organisation that they spoke for.
    pub organisation: Option<String>,
    /// Registration as the minutes give it, such as `GMC 0000000`.
    pub registration: Option<String>,
    /// Was not there.
    #[serde(default)]
    pub apologies: bool,
}

/// What a session said of one hazard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discussion {
    /// Id of the hazard.
    pub hazard: String,
    /// Rating as the session found it.
    pub before: Option<HazardRating>,
    /// Rating as the session left it.
    pub after: Option<HazardRating>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Why.
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
    /// What it is.
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PsaAction {
    /// Short id.
    pub id: String,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: Option<String>,
    /// Day by which.
    pub due: Option<Date>,
    /// Whether it is done.
    pub state: ActionState,
    /// Day on which it was done.
    pub closed: Option<Date>,
    /// Id of the hazard that it is for.
    pub hazard: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ActionState {
    Open,
    Closed,
}
