//! Hazards, their causes, the controls that answer them, and the evidence for those controls.

use super::Date;
use super::matrix::{RiskClass, RiskPolicy};
use serde::{Deserialize, Serialize};

/// A potential source of harm to a patient, as the hazard log records it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Hazard {
    /// Unique within the case, and what other inputs name the hazard by: the stated id, or the id with a
    /// suffix where the log uses one id twice, or `unnumbered-1` where it gives none.
    pub key: String,
    /// Id as the log states it; empty where the cell is blank.
    pub id: String,
    pub name: Option<String>,
    pub description: Option<String>,
    pub impact: Option<String>,
    pub category: Option<String>,
    pub condition: Option<Condition>,
    pub causes: Vec<Cause>,
    /// Controls in place before this work: they belong to the initial rating.
    pub existing_controls: Vec<Control>,
    /// Additional controls: they belong to the residual rating.
    pub controls: Vec<Control>,
    pub initial: Rating,
    pub residual: Rating,
    /// Recorded decision that the initial risk is acceptable (5.1.2).
    pub initial_acceptance: Option<Acceptance>,
    /// Recorded reason why the residual risk is accepted as it is (6.1.4).
    pub residual_acceptance: Option<Acceptance>,
    /// Risk-benefit analysis (6.1.6, 6.2.1).
    pub risk_benefit: Option<String>,
    /// Summary of actions and notes, as the log gives it.
    pub notes: Option<String>,
    pub owner: Option<String>,
    /// Status as stated.
    pub status: Option<String>,
    pub state: HazardState,
    /// Who takes the risk on, where it is transferred (6.3.1).
    pub transferred_to: Option<String>,
    /// Release that introduced the hazard.
    pub release: Option<String>,
}

impl Hazard {
    /// Every control, the existing ones first.
    pub fn all_controls(&self) -> impl Iterator<Item = &Control> {
        self.existing_controls.iter().chain(&self.controls)
    }

    /// The same, to be changed.
    pub fn all_controls_mut(&mut self) -> impl Iterator<Item = &mut Control> {
        self.existing_controls.iter_mut().chain(&mut self.controls)
    }

    /// Name to print: the log's, or words that say that it gives none.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or("(no name given)")
    }
}

/// When the hazard arises (4.3.1 asks for both).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    Normal,
    Fault,
    Both,
}

/// What a stated status means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HazardState {
    /// Actions are outstanding.
    Open,
    /// All actions complete and the residual risk acceptable.
    Closed,
    /// The manufacturer's part is done; residual controls lie with the deploying organisation.
    Transferred,
    /// A status was stated in words that are none of the above.
    Other,
    #[default]
    NotGiven,
}

impl HazardState {
    #[must_use]
    pub fn from_stated(status: Option<&str>) -> Self {
        let Some(status) = status.map(|status| status.trim().to_lowercase()).filter(|s| !s.is_empty()) else {
            return Self::NotGiven;
        };
        match status.as_str() {
            "open" => Self::Open,
            "closed" => Self::Closed,
            "transferred" => Self::Transferred,
            _ => Self::Other,
        }
    }
}

/// A recorded decision by a named person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Id or name of who decided.
    pub by: String,
    pub on: Date,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Unique within its hazard: stated (`0101`) or from the list number (`NRL01.3`).
    pub id: String,
    pub text: String,
    /// Ids of the controls that answer it.
    pub controls: Vec<String>,
    /// How it is known that those controls answer this cause.
    pub link: LinkBasis,
    /// What the log says in place of a control, beyond a plain `None`.
    pub without_control: Option<String>,
}

/// How a link between a cause and its controls is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkBasis {
    /// The log has them in one row, or an input says so.
    Stated,
    /// Taken from equal list numbers in two cells: likely, and not said by anybody.
    Inferred,
    #[default]
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Control {
    /// Unique within its hazard: stated (`010101`), or hazard, kind and list number (`NRL01.D7`).
    pub id: String,
    #[serde(rename = "type")]
    pub kind: ControlKind,
    /// Type as stated, where it is none of the kinds.
    pub stated_type: Option<String>,
    pub text: String,
    pub owner: Option<String>,
    /// Action to be taken for the control, where the log has one.
    pub action: Option<String>,
    /// Status as stated: the log's "action status".
    pub status: Option<String>,
    pub state: ControlState,
    /// Who implements it, where it is another organisation's (6.3.1).
    pub transferred_to: Option<String>,
    /// Ids of the evidence that names this control.
    pub evidence: Vec<String>,
    /// Evidence as the log's own cell words it.
    pub stated_evidence: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlKind {
    /// In place before this work.
    Existing,
    Design,
    Test,
    Training,
    BusinessProcess,
    /// The log does not say, or says something else.
    Unspecified,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlState {
    Open,
    Closed,
    Transferred,
    Deferred,
    Other,
    #[default]
    NotGiven,
}

impl ControlState {
    #[must_use]
    pub fn from_stated(status: Option<&str>) -> Self {
        let Some(status) = status.map(|status| status.trim().to_lowercase()).filter(|s| !s.is_empty()) else {
            return Self::NotGiven;
        };
        match status.as_str() {
            "open" => Self::Open,
            "closed" | "complete" | "completed" | "implemented" | "done" => Self::Closed,
            "transferred" => Self::Transferred,
            other if other.starts_with("deferred") => Self::Deferred,
            _ => Self::Other,
        }
    }
}

/// Severity, likelihood and risk of a hazard at one point (4.4.1, 6.1.4), measured by one matrix.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Rating {
    /// Id of the risk policy that gives the words and the matrix.
    pub policy: String,
    /// The matrix's word where it is one of them, else the word as stated.
    pub severity: Option<String>,
    pub likelihood: Option<String>,
    /// Risk as the log states it. Kept, and never trusted.
    pub stated_risk: Option<StatedRisk>,
    /// Risk that the matrix gives for this severity and likelihood; `None` where it gives none. The number
    /// means something in its own matrix only: checks ask for the class.
    pub risk: Option<u8>,
    /// What the policy demands at this risk.
    pub class: Option<RiskClass>,
}

impl Rating {
    /// A rating with its words put into the matrix's spelling and its risk looked up.
    #[must_use]
    pub fn new(
        severity: Option<&str>,
        likelihood: Option<&str>,
        stated_risk: Option<StatedRisk>,
        policy: &RiskPolicy,
    ) -> Self {
        let risk =
            severity.zip(likelihood).and_then(|(severity, likelihood)| policy.risk(severity, likelihood));
        let spelled = |stated: Option<&str>, known: Option<&str>| known.or(stated).map(str::to_owned);
        Self {
            policy: policy.id.clone(),
            severity: spelled(severity, severity.and_then(|word| policy.severity_word(word))),
            likelihood: spelled(likelihood, likelihood.and_then(|word| policy.likelihood_word(word))),
            stated_risk,
            risk,
            class: risk.and_then(|risk| policy.class(risk)),
        }
    }

    /// Nothing was stated at all.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.severity.is_none() && self.likelihood.is_none() && self.stated_risk.is_none()
    }
}

/// A risk as a log states it: usually a score, sometimes words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum StatedRisk {
    Score(u8),
    Words(String),
}

/// Severity and likelihood as a PSA session agreed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HazardRating {
    pub severity: String,
    pub likelihood: String,
}

/// Something that shows that controls are in place or that they work (6.3.2, 6.3.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub id: String,
    pub title: String,
    /// File in the case folder.
    pub file: Option<String>,
    /// SHA-256 of that file, so that an approval covers what the evidence says; read, never stated.
    #[serde(skip_deserializing)]
    pub sha256: Option<String>,
    /// Where it is kept, when it is not a file of the case folder.
    pub reference: Option<String>,
    pub date: Option<Date>,
    /// What it shows.
    pub shows: Vec<Shows>,
    /// Ids of the controls that it is evidence for.
    pub controls: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// The control was implemented (6.3.2).
    Implementation,
    /// The control does what it is for (6.3.3).
    Effectiveness,
}
