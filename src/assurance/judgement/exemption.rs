//! Every hazard that the standard exempts from a check is said, also where the check would have found nothing.
//!
//! A check says so itself where it would else have hit, with what is not demanded. It never looks so far at a hazard
//! without controls; yet a reader who is told by a clause that the hazard is exempt looks for it among the checks.

use crate::assurance::check::{Check, Exempt, Exemption};
use crate::assurance::checks::some_of;
use crate::assurance::cross_reference::rules;
use crate::case::hazard::Hazard;
use crate::case::hazard_log::HazardLog;
use crate::case::person::Person;
use std::collections::{BTreeMap, HashSet};

/// What the standard exempts, for every check that names the clause.
#[derive(Debug, Default)]
pub(super) struct ExemptHazards {
    /// 5.1.2: the hazard, with the reason.
    acceptable: Vec<(String, String)>,
    /// 6.3.1: the hazard, with the controls and who has them.
    transferred: Vec<(String, String)>,
}

pub(super) fn of(log: &HazardLog, people: &[Person]) -> ExemptHazards {
    let mut exempt = ExemptHazards::default();
    for hazard in &log.hazards {
        if let Some(reason) = rules::exemption(hazard, people) {
            exempt.acceptable.push((hazard.key.clone(), reason));
        }
        exempt.transferred.extend(transfers(hazard).map(|what| (hazard.key.clone(), what)));
    }
    exempt
}

/// The controls that others take on, in words for each recipient.
fn transfers(hazard: &Hazard) -> impl Iterator<Item = String> {
    let mut by_recipient: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for control in &hazard.controls {
        if let Some(recipient) = rules::recipient(control) {
            by_recipient.entry(recipient).or_default().push(control.id.clone());
        }
    }
    by_recipient.into_iter().map(|(recipient, ids)| {
        let verb = if ids.len() == 1 { "is" } else { "are" };
        format!("{} {verb} for {recipient} to implement and verify", some_of(&ids))
    })
}

/// What the check has not said itself.
pub(super) fn unsaid(check: &Check, exempt: &ExemptHazards, said: &[Exemption]) -> Vec<Exemption> {
    let Some(scope) = check.exempt else { return Vec::new() };
    let said: HashSet<&str> =
        said.iter().filter(|said| said.clause == "5.1.2").map(|said| said.hazard.as_str()).collect();
    let unsaid = exempt.acceptable.iter().filter(|(hazard, _)| !said.contains(hazard.as_str()));
    let acceptable = unsaid.map(|(hazard, reason)| Exemption {
        hazard: hazard.clone(),
        what: "not asked of it".to_owned(),
        clause: "5.1.2",
        because: Some(reason.clone()),
    });
    let transferred = exempt.transferred.iter().filter(|_| scope == Exempt::AcceptableOrTransferred);
    let transferred = transferred.map(|(hazard, what)| Exemption {
        hazard: hazard.clone(),
        what: what.clone(),
        clause: "6.3.1",
        because: None,
    });
    acceptable.chain(transferred).collect()
}
