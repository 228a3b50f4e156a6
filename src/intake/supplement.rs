//! The supplement: what the layout of a hazard log has no room for, per hazard, control and link.
//!
//! A supplement adds to the log and never contradicts it: where the log already says something else, one
//! of the two is wrong and a person has to say which.

use super::files::CaseFolder;
use super::received::Adoption;
use super::toml_input::{Lines, TomlInput, refuse_duplicates};
use super::{InputError, suggestion};
use crate::case::hazard::{Acceptance, Condition, Control, ControlState, Hazard, LinkBasis, RiskBenefit};
use crate::case::hazard_log::{HazardLog, RetiredHazard};
use crate::case::matrix::RiskPolicy;
use crate::case::system::Declared;
use crate::case::{Place, Provenance};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A supplement as it was read.
#[derive(Debug)]
pub struct Supplement {
    entries: Entries,
    lines: Lines,
}

/// supplement.toml: what the layout of the hazard log has no room for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Entries {
    /// What the log has no room for, by hazard.
    #[serde(default)]
    hazard: Vec<HazardEntry>,
    /// By control.
    #[serde(default)]
    control: Vec<ControlEntry>,
    /// Which controls answer which cause.
    #[serde(default)]
    link: Vec<LinkEntry>,
    /// Hazards that were taken out of the log.
    #[serde(default)]
    retired: Vec<RetiredHazard>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HazardEntry {
    /// Id of the hazard, as the log has it.
    id: String,
    /// Id of the risk policy that the hazard is rated by, where it is not the main one.
    risk_policy: Option<String>,
    /// Whether it arises in normal use, under fault, or in both (4.3.1).
    condition: Option<Condition>,
    /// Recorded decision that the initial risk is acceptable (5.1.2).
    initial_acceptance: Option<Acceptance>,
    /// Recorded decision that the residual risk is accepted as it is (6.1.4).
    residual_acceptance: Option<Acceptance>,
    /// Why the residual severity is lower than the initial one.
    severity_reason: Option<String>,
    /// Whether clinical benefits outweigh the residual risk (6.1.6, 6.2.1).
    risk_benefit: Option<RiskBenefit>,
    /// What became of the project where they do not (6.2.2).
    reappraisal: Option<String>,
    /// Who takes the risk on, where it is transferred (6.3.1).
    transferred_to: Option<String>,
    /// Ids of received hazards that it answers.
    #[serde(default)]
    adopts: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ControlEntry {
    /// Id of the hazard.
    hazard: String,
    /// Id of the control.
    id: String,
    /// Who sees to it.
    owner: Option<String>,
    /// Its status, such as "Closed".
    status: Option<String>,
    /// Who implements it, where it is another organisation (6.3.1).
    transferred_to: Option<String>,
    /// Hazards that the control brings with it, or "none".
    #[serde(default)]
    introduces: Declared<String>,
}

/// Which controls answer a cause.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LinkEntry {
    /// Id of the hazard.
    hazard: String,
    /// Id of the cause.
    cause: String,
    /// Ids of the controls that answer it.
    controls: Vec<String>,
}

/// Reads a supplement. What it names is looked up when it is applied.
pub fn read(folder: &CaseFolder, path: &str) -> Result<Supplement, InputError> {
    let (entries, lines) = TomlInput::<Entries>::read(folder, path)?.into_parts();
    let place = |key: &str, index: usize| lines.place(&format!("{key}/{index}"));
    let hazards = entries.hazard.iter().enumerate();
    refuse_duplicates("hazard", hazards.map(|(at, entry)| (entry.id.as_str(), place("hazard", at))))?;
    let controls: Vec<String> =
        entries.control.iter().map(|entry| format!("{}/{}", entry.hazard, entry.id)).collect();
    refuse_duplicates(
        "control",
        controls.iter().enumerate().map(|(at, id)| (id.as_str(), place("control", at))),
    )?;
    let causes: Vec<String> =
        entries.link.iter().map(|entry| format!("{}/{}", entry.hazard, entry.cause)).collect();
    refuse_duplicates("cause", causes.iter().enumerate().map(|(at, id)| (id.as_str(), place("link", at))))?;
    let retired = entries.retired.iter().enumerate();
    refuse_duplicates(
        "retired hazard",
        retired.map(|(at, entry)| (entry.id.as_str(), place("retired", at))),
    )?;
    Ok(Supplement { entries, lines })
}

/// The risk policies that a supplement names for hazards, by hazard. They are needed before the log is read,
/// since every rating is measured as it is read.
pub fn policies<'a>(
    supplement: &'a Supplement,
    policies: &'a [RiskPolicy],
) -> Result<BTreeMap<&'a str, &'a RiskPolicy>, InputError> {
    let Supplement { entries, lines } = supplement;
    let named = entries.hazard.iter().enumerate();
    named
        .filter_map(|(index, entry)| Some((index, entry, entry.risk_policy.as_deref()?)))
        .map(|(index, entry, id)| match policies.iter().find(|policy| policy.id == id) {
            Some(policy) => Ok((entry.id.as_str(), policy)),
            None => Err(InputError::new(format!("The case has no risk policy \"{id}\""))
                .at(lines.place(&format!("hazard/{index}/risk_policy")))
                .hint(format!(
                    "name it under [[risk_policies]] of case.toml, or correct the id: {}",
                    suggestion::remedy(id, policies.iter().map(|policy| policy.id.as_str()))
                ))),
        })
        .collect()
}

/// What hazards of the log are said to adopt.
#[must_use]
pub fn adoptions(supplement: &Supplement) -> Vec<Adoption> {
    let entries = supplement.entries.hazard.iter().enumerate();
    let adopted = entries.flat_map(|(index, entry)| {
        let place = move |at: usize| supplement.lines.place(&format!("hazard/{index}/adopts/{at}"));
        entry.adopts.iter().enumerate().map(move |(at, received)| Adoption {
            hazard: entry.id.clone(),
            received: received.clone(),
            place: place(at),
        })
    });
    adopted.collect()
}

/// Adds a supplement to a hazard log, and says where each added value stands.
pub fn apply(supplement: &Supplement, log: &mut HazardLog) -> Result<Provenance, InputError> {
    let mut provenance = Provenance::default();
    let Supplement { entries, lines } = supplement;
    for (index, entry) in entries.hazard.iter().enumerate() {
        let at = Entry { lines, path: format!("hazard/{index}") };
        entry.apply(find_hazard(log, &entry.id, at.place("id"))?, &at, &mut provenance)?;
    }
    for (index, entry) in entries.control.iter().enumerate() {
        let at = Entry { lines, path: format!("control/{index}") };
        entry.apply(find_hazard(log, &entry.hazard, at.place("hazard"))?, &at, &mut provenance)?;
    }
    for (index, entry) in entries.link.iter().enumerate() {
        let at = Entry { lines, path: format!("link/{index}") };
        entry.apply(find_hazard(log, &entry.hazard, at.place("hazard"))?, &at, &mut provenance)?;
    }
    for (index, entry) in entries.retired.iter().enumerate() {
        let at = Entry { lines, path: format!("retired/{index}") };
        retire(entry, log, &at)?;
        provenance.record(format!("hazard_log/retired/{}", entry.id), at.place("id"));
    }
    Ok(provenance)
}

/// Takes a closure record over; a hazard that the log still has was not taken out of it.
fn retire(entry: &RetiredHazard, log: &mut HazardLog, at: &Entry<'_>) -> Result<(), InputError> {
    if log.hazards.iter().any(|hazard| hazard.key == entry.id || hazard.id == entry.id) {
        return Err(InputError::new(format!(
            "The supplement retires the hazard \"{}\", and the hazard log still has it",
            entry.id
        ))
        .at(at.place("id"))
        .hint("take the hazard out of the log, or the entry out of the supplement"));
    }
    log.retired.push(entry.clone());
    Ok(())
}

/// An entry of the file, for the places of its values.
struct Entry<'a> {
    lines: &'a Lines,
    path: String,
}

impl Entry<'_> {
    fn place(&self, key: &str) -> Place {
        self.lines.place(&format!("{}/{key}", self.path))
    }
}

impl HazardEntry {
    fn apply(
        &self,
        hazard: &mut Hazard,
        at: &Entry<'_>,
        provenance: &mut Provenance,
    ) -> Result<(), InputError> {
        let base = format!("hazards/{}", hazard.key);
        if self.risk_policy.is_some() {
            provenance.record(format!("{base}/initial/policy"), at.place("risk_policy"));
        }
        let mut record = |key: &str| provenance.record(format!("{base}/{key}"), at.place(key));
        if self.condition.is_some() {
            hazard.condition = self.condition;
            record("condition");
        }
        for (key, given, kept) in [
            ("initial_acceptance", &self.initial_acceptance, &mut hazard.initial_acceptance),
            ("residual_acceptance", &self.residual_acceptance, &mut hazard.residual_acceptance),
        ] {
            if given.is_some() {
                kept.clone_from(given);
                record(key);
            }
        }
        if self.risk_benefit.is_some() {
            hazard.risk_benefit.clone_from(&self.risk_benefit);
            record("risk_benefit");
        }
        for (key, given, kept) in [
            ("severity_reason", &self.severity_reason, &mut hazard.severity_reason),
            ("reappraisal", &self.reappraisal, &mut hazard.reappraisal),
            ("transferred_to", &self.transferred_to, &mut hazard.transferred_to),
        ] {
            if add(given.as_deref(), kept, key, at)? {
                record(key);
            }
        }
        Ok(())
    }
}

impl ControlEntry {
    fn apply(
        &self,
        hazard: &mut Hazard,
        at: &Entry<'_>,
        provenance: &mut Provenance,
    ) -> Result<(), InputError> {
        let base = format!("hazards/{}/controls/{}", hazard.key, self.id);
        let control = find_control(hazard, &self.id, at.place("id"))?;
        for (key, given, kept) in [
            ("owner", &self.owner, &mut control.owner),
            ("status", &self.status, &mut control.status),
            ("transferred_to", &self.transferred_to, &mut control.transferred_to),
        ] {
            if add(given.as_deref(), kept, key, at)? {
                provenance.record(format!("{base}/{key}"), at.place(key));
            }
        }
        control.state = ControlState::from_stated(control.status.as_deref());
        match &self.introduces {
            Declared::NotGiven => {}
            Declared::Given(hazards) if hazards.is_empty() => {
                return Err(InputError::new("The list of hazards that the control brings with it is empty")
                    .at(at.place("introduces"))
                    .hint("write introduces = \"none\" where the control was assessed and brings none"));
            }
            given => {
                control.introduces = given.clone();
                provenance.record(format!("{base}/introduces"), at.place("introduces"));
            }
        }
        Ok(())
    }
}

impl LinkEntry {
    /// Links that the log itself states stay; links that were only inferred give way.
    fn apply(
        &self,
        hazard: &mut Hazard,
        at: &Entry<'_>,
        provenance: &mut Provenance,
    ) -> Result<(), InputError> {
        for (index, id) in self.controls.iter().enumerate() {
            find_control(hazard, id, at.place(&format!("controls/{index}")))?;
        }
        let key = &hazard.key;
        let known = suggestion::remedy(&self.cause, hazard.causes.iter().map(|cause| cause.id.as_str()));
        let Some(cause) = hazard.causes.iter_mut().find(|cause| cause.id == self.cause) else {
            return Err(InputError::new(format!("Hazard {key} has no cause \"{}\"", self.cause))
                .at(at.place("cause"))
                .hint(known));
        };
        if cause.link != LinkBasis::Stated {
            cause.controls.clear();
        }
        for id in &self.controls {
            if !cause.controls.contains(id) {
                cause.controls.push(id.clone());
            }
        }
        cause.link = if cause.controls.is_empty() { LinkBasis::None } else { LinkBasis::Stated };
        provenance.record(format!("hazards/{key}/causes/{}/controls", cause.id), at.place("controls"));
        Ok(())
    }
}

/// Takes a value over where the log has none. Whether it did.
fn add(
    given: Option<&str>,
    kept: &mut Option<String>,
    key: &str,
    at: &Entry<'_>,
) -> Result<bool, InputError> {
    match (given, kept.as_deref()) {
        (None, _) => Ok(false),
        (Some(given), Some(kept)) if given == kept => Ok(false),
        (Some(given), Some(kept)) => Err(InputError::new(format!(
            "The supplement says {key} \"{given}\", and the hazard log says \"{kept}\""
        ))
        .at(at.place(key))
        .hint("decide which is right, and correct the hazard log or take the line out of the supplement")),
        (Some(given), None) => {
            *kept = Some(given.to_owned());
            Ok(true)
        }
    }
}

fn find_hazard<'a>(log: &'a mut HazardLog, key: &str, place: Place) -> Result<&'a mut Hazard, InputError> {
    let Some(index) = log.hazards.iter().position(|hazard| hazard.key == key) else {
        return Err(InputError::new(format!("The hazard log has no hazard \"{key}\""))
            .at(place)
            .hint(suggestion::remedy(key, log.hazards.iter().map(|hazard| hazard.key.as_str()))));
    };
    Ok(&mut log.hazards[index])
}

fn find_control<'a>(hazard: &'a mut Hazard, id: &str, place: Place) -> Result<&'a mut Control, InputError> {
    let known = suggestion::remedy(id, hazard.all_controls().map(|control| control.id.as_str()));
    let Hazard { key, existing_controls, controls, .. } = hazard;
    existing_controls
        .iter_mut()
        .chain(controls)
        .find(|control| control.id == id)
        .ok_or_else(|| InputError::new(format!("Hazard {key} has no control \"{id}\"")).at(place).hint(known))
}

#[cfg(test)]
pub(crate) mod tests;
