//! Reviews that are older than what they reviewed.
//!
//! A session that the old side has already, discussing a hazard that has changed since that side, reviewed another hazard
//! than the one that there is now. What the log itself tells of this is check E14; where it has spoken, that is said.

use crate::assurance::Assurance;
use crate::case::psa::{PsaSession, by_date};
use crate::case::{Case, Date};
use crate::change::{Bearing, ClinicalRisk, Comparison};
use serde::Serialize;
use serde_json::Value;

/// The check that finds from the log alone that a hazard may have changed since its last session.
const CHECK: &str = "E14";

/// The last review of a hazard that has changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutdatedReview {
    /// Key of the hazard.
    pub hazard: String,
    /// Id of the last session to discuss it.
    pub session: String,
    pub date: Date,
    /// What of the hazard changed since, in words.
    pub since: Vec<String>,
    /// The check that says so too.
    pub found_by: Option<&'static str>,
}

pub(super) fn outdated(
    comparison: &Comparison,
    risk: &ClinicalRisk,
    old: &Value,
    case: &Case,
    assurance: &Assurance,
) -> Vec<OutdatedReview> {
    let sessions = by_date(&case.psa);
    let review = |hazard: &str| {
        let is_on_it = |session: &&&PsaSession| session.discussed.iter().any(|entry| entry.hazard == hazard);
        let last = sessions.iter().rev().find(is_on_it)?;
        let since: Vec<String> = risk
            .reasons
            .iter()
            .filter(|reason| {
                reason.hazard.as_deref() == Some(hazard) && reason.bearing > Bearing::SeemsUnchanged
            })
            .map(crate::change::Reason::words)
            .collect();
        let is_found = assurance.findings.iter().any(|finding| {
            let mut others = finding.hazards.iter().map(|concerned| concerned.hazard.as_str());
            finding.check == CHECK
                && (finding.hazard.as_deref() == Some(hazard) || others.any(|key| key == hazard))
        });
        let is_older = !since.is_empty() && (is_found || had(old, comparison, last, hazard));
        is_older.then(|| OutdatedReview {
            hazard: hazard.to_owned(),
            session: last.id.clone(),
            date: last.date,
            since,
            found_by: is_found.then_some(CHECK),
        })
    };
    case.hazard_log.hazards.iter().filter_map(|hazard| review(&hazard.key)).collect()
}

/// The old side has this session, on the hazard by the number that it had.
fn had(old: &Value, comparison: &Comparison, session: &PsaSession, hazard: &str) -> bool {
    let renamed = comparison.changes.renamed.iter().find(|renamed| renamed.new_id == hazard);
    let was = renamed.map_or(hazard, |renamed| renamed.old_id.as_str());
    let list =
        |value: &'_ Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    list(old, "psa")
        .iter()
        .filter(|known| known["id"] == session.id.as_str())
        .any(|known| list(known, "discussed").iter().any(|entry| entry["hazard"] == was))
}
