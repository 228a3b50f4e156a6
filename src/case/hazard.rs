//! Hazards, their causes, the controls that answer them, and the evidence for those controls.

use super::folding::{fold, plain};
use super::matrix::{RiskClass, RiskPolicy};
use super::ordinal::Ordinal;
use super::system::Declared;
use super::{Date, schema};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A potential source of harm to a patient, as the hazard log records it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// Why the residual severity is lower than the initial one: a control usually makes harm rarer, not milder.
    pub severity_reason: Option<String>,
    /// Risk-benefit analysis (6.1.6, 6.2.1).
    pub risk_benefit: Option<RiskBenefit>,
    /// What became of the project where the benefits do not outweigh the risk (6.2.2).
    pub reappraisal: Option<String>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    Normal,
    Fault,
    Both,
}

/// What a stated status means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
        let Some(status) = status.map(fold).filter(|status| !status.is_empty()) else {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Id or name of who decided.
    pub by: String,
    /// Day of the decision.
    pub on: Date,
    /// Why it is acceptable.
    pub reason: String,
}

/// Whether clinical benefits outweigh a residual risk (6.1.6, 6.2.1).
///
/// An input may give the analysis alone, as a text; what it concludes is then not stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RiskBenefit {
    pub analysis: String,
    pub outcome: Option<BenefitOutcome>,
    /// Id or name of who decided.
    pub by: Option<String>,
    pub on: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BenefitOutcome {
    BenefitOutweighs,
    RiskOutweighs,
}

impl From<&str> for RiskBenefit {
    fn from(analysis: &str) -> Self {
        Self { analysis: analysis.to_owned(), ..Self::default() }
    }
}

/// An analysis with what it concludes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
struct RiskBenefitRecord {
    /// The benefits, the risk, and how they weigh against each other.
    analysis: String,
    /// Which outweighs the other.
    outcome: Option<BenefitOutcome>,
    /// Id or name of who decided.
    by: Option<String>,
    /// Day of the decision.
    on: Option<Date>,
}

impl JsonSchema for RiskBenefit {
    fn schema_name() -> Cow<'static, str> {
        "RiskBenefit".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let description = "Risk-benefit analysis (6.1.6, 6.2.1); as a text alone it concludes nothing.";
        schema::text_or::<RiskBenefitRecord>(generator, description)
    }
}

impl<'de> Deserialize<'de> for RiskBenefit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrRecord;

        impl<'de> Visitor<'de> for TextOrRecord {
            type Value = RiskBenefit;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a table with analysis, outcome, by and on")
            }

            fn visit_str<E: de::Error>(self, analysis: &str) -> Result<Self::Value, E> {
                Ok(RiskBenefit::from(analysis))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let RiskBenefitRecord { analysis, outcome, by, on } =
                    RiskBenefitRecord::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RiskBenefit { analysis, outcome, by, on })
            }
        }

        deserializer.deserialize_any(TextOrRecord)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkBasis {
    /// The log has them in one row, or an input says so.
    Stated,
    /// Taken from equal list numbers in two cells: likely, and not said by anybody.
    Inferred,
    #[default]
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Keys of the hazards that the control brings with it (6.1.2): not given means that nobody said whether it
    /// was looked at, none that it was and that there are none.
    pub introduces: Declared<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
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

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
        let Some(status) = status.map(fold).filter(|status| !status.is_empty()) else {
            return Self::NotGiven;
        };
        let mut words = status.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let first = words.next().unwrap_or_default();
        // "Closed, pending the report" is neither.
        let is_qualified = words.any(|word| {
            ["not", "pending", "partly", "partially", "except", "awaiting", "until", "once"].contains(&word)
        });
        match first {
            "open" => Self::Open,
            "deferred" => Self::Deferred,
            _ if is_qualified => Self::Other,
            "closed" | "complete" | "completed" | "implemented" | "done" | "verified" | "live" => {
                Self::Closed
            }
            "transferred" => Self::Transferred,
            _ if status.starts_with("in place") => Self::Closed,
            _ => Self::Other,
        }
    }
}

/// Severity, likelihood and risk of a hazard at one point (4.4.1, 6.1.4), measured by one matrix.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// Id of the risk policy that gives the words and the matrix.
    pub policy: String,
    /// The matrix's word where it is one of them, else the word as stated.
    pub severity: Option<String>,
    pub likelihood: Option<String>,
    /// Severity as the log states it, where a number stands beside the word: `2 - Major`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_severity: Option<String>,
    /// Likelihood as the log states it, where a number stands beside the word: `Medium (3)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_likelihood: Option<String>,
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
    ///
    /// Of a number beside a word of the matrix the word is read, because the axes of a matrix are words and
    /// numbers only count them, from whichever end; what was stated is kept beside it.
    #[must_use]
    pub fn new(
        severity: Option<&str>,
        likelihood: Option<&str>,
        stated_risk: Option<StatedRisk>,
        policy: &RiskPolicy,
    ) -> Self {
        let (severity, stated_severity) = read(severity, |word| policy.severity_word(word));
        let (likelihood, stated_likelihood) = read(likelihood, |word| policy.likelihood_word(word));
        let known = severity.as_deref().zip(likelihood.as_deref());
        let risk = known.and_then(|(severity, likelihood)| policy.risk(severity, likelihood));
        Self {
            policy: policy.id.clone(),
            severity,
            likelihood,
            stated_severity,
            stated_likelihood,
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

/// The word that is read, and the whole of what was stated where that is more.
fn read<'p>(
    stated: Option<&str>,
    spelled: impl Fn(&str) -> Option<&'p str>,
) -> (Option<String>, Option<String>) {
    let Some(stated) = stated else { return (None, None) };
    if let Some(word) = spelled(stated) {
        return (Some(word.to_owned()), None);
    }
    match Ordinal::of(&plain(stated)).and_then(|ordinal| spelled(ordinal.word)) {
        Some(word) => (Some(word.to_owned()), Some(stated.trim().to_owned())),
        None => (Some(stated.to_owned()), None),
    }
}

/// A risk as a log states it: usually a score, sometimes words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StatedRisk {
    Score(u8),
    Words(String),
}

/// Severity and likelihood as a PSA session agreed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HazardRating {
    /// Severity in a word of the risk policy.
    pub severity: String,
    /// Likelihood in a word of the risk policy.
    pub likelihood: String,
}

/// Something that shows that controls are in place or that they work (6.3.2, 6.3.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Short id, such as "EV-3".
    pub id: String,
    /// What it is called.
    pub title: String,
    /// File in the case folder.
    pub file: Option<String>,
    /// SHA-256 of that file, so that an approval covers what the evidence says; read, never stated.
    #[serde(skip_deserializing)]
    pub sha256: Option<String>,
    /// Where it is kept, when it is not a file of the case folder.
    pub reference: Option<String>,
    /// Day of it.
    pub date: Option<Date>,
    /// What it shows.
    pub shows: Vec<Shows>,
    /// Ids of the controls that it is evidence for.
    pub controls: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// The control was implemented (6.3.2).
    Implementation,
    /// The control does what it is for (6.3.3).
    Effectiveness,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_may_say_more_than_its_first_word() {
        for (status, state) in [
            ("Closed ", ControlState::Closed),
            ("Implemented (v0.4): alert added", ControlState::Closed),
            ("In place", ControlState::Closed),
            ("OPEN: test still to run", ControlState::Open),
            ("Deferred to version 2.0", ControlState::Deferred),
            ("Closed, pending the report", ControlState::Other),
            ("Implemented partially", ControlState::Other),
            ("Added to the roadmap", ControlState::Other),
            ("Closed\u{200b}", ControlState::Closed),
            ("In\u{a0}place", ControlState::Closed),
            (" ", ControlState::NotGiven),
        ] {
            assert_eq!(ControlState::from_stated(Some(status)), state, "{status}");
        }
    }

    #[test]
    fn a_risk_benefit_analysis_is_a_text_or_a_record() {
        #[derive(Deserialize)]
        struct Holder {
            risk_benefit: RiskBenefit,
        }
        let read = |text: &str| toml::from_str::<Holder>(text).map(|holder| holder.risk_benefit);
        assert_eq!(read("risk_benefit = \"Faster care\"").unwrap(), RiskBenefit::from("Faster care"));
        let record = read(
            "risk_benefit = { analysis = \"Faster care\", outcome = \"risk-outweighs\", by = \"cso\", on = 2026-08-01 }",
        )
        .unwrap();
        assert_eq!(record.outcome, Some(BenefitOutcome::RiskOutweighs));
        assert_eq!(record.on.map(|on| on.to_string()).as_deref(), Some("2026-08-01"));
        let error = read("risk_benefit = { analysis = \"Faster care\", outcom = \"x\" }").unwrap_err();
        assert!(error.to_string().contains("unknown field `outcom`"), "{error}");
    }
}
