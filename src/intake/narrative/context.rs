//! The values that a narrative section can print.

use crate::case::Case;
use crate::case::document::DocumentControl;
use crate::case::hazard::{Evidence, Hazard, Rating};
use crate::case::matrix::RiskPolicy;
use crate::case::psa::PsaSession;
use crate::case::system::{Organisation, Product, Release};
use crate::case::tom::{SignOffLevel, Tom, TomAnswer};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// Names of the values, for messages.
pub const NAMES: &str =
    "product, release, document, organisation, hazards, counts, psa, tom, evidence and hazard(\"id\")";

#[derive(Serialize)]
pub struct Context<'a> {
    product: &'a Product,
    release: &'a Release,
    document: &'a DocumentControl,
    organisation: &'a Organisation,
    #[serde(skip_serializing_if = "Option::is_none")]
    hazards: Option<&'a [Hazard]>,
    counts: Counts,
    psa: &'a [PsaSession],
    tom: Option<TomValue<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a [Evidence]>,
}

/// Numbers, so that none has to be typed in a sentence.
#[derive(Serialize)]
struct Counts {
    hazards: usize,
    causes: usize,
    existing_controls: usize,
    additional_controls: usize,
    /// Hazards by risk, such as `counts.residual["2"]`; those without a risk are `unrated`. Scores of
    /// another matrix than the case's main one have its id before them: `counts.residual["trust 12"]`.
    initial: BTreeMap<String, usize>,
    residual: BTreeMap<String, usize>,
}

#[derive(Serialize)]
struct TomValue<'a> {
    /// None while the answers leave it undetermined.
    level: Option<SignOffLevel>,
    meaning: Option<&'static str>,
    answers: &'a [TomAnswer],
}

impl<'a> Context<'a> {
    /// The values that some section uses. The large lists are most of a case, and few sections go through them.
    pub fn of(case: &'a Case, used: &HashSet<String>) -> Self {
        Self {
            product: &case.product,
            release: &case.release,
            document: &case.document,
            organisation: &case.organisation,
            hazards: used.contains("hazards").then_some(&case.hazard_log.hazards),
            counts: Counts::of(case),
            psa: &case.psa,
            tom: case.tom.as_ref().map(TomValue::of),
            evidence: used.contains("evidence").then_some(&case.evidence),
        }
    }
}

impl Counts {
    fn of(case: &Case) -> Self {
        let hazards = &case.hazard_log.hazards;
        Self {
            hazards: hazards.len(),
            causes: hazards.iter().map(|hazard| hazard.causes.len()).sum(),
            existing_controls: hazards.iter().map(|hazard| hazard.existing_controls.len()).sum(),
            additional_controls: hazards.iter().map(|hazard| hazard.controls.len()).sum(),
            initial: by_risk(case, |hazard| &hazard.initial),
            residual: by_risk(case, |hazard| &hazard.residual),
        }
    }
}

/// Every risk of every policy has its count, nought included.
fn by_risk(case: &Case, rating: impl Fn(&Hazard) -> &Rating) -> BTreeMap<String, usize> {
    let name = |policy: &RiskPolicy, risk: u8| {
        if policy.id == case.risk_policy.id { risk.to_string() } else { format!("{} {risk}", policy.id) }
    };
    let mut counts = BTreeMap::from([("unrated".to_owned(), 0)]);
    for policy in case.policies() {
        counts.extend(policy.acceptability.iter().map(|entry| (name(policy, entry.risk), 0)));
    }
    for hazard in &case.hazard_log.hazards {
        let risk = rating(hazard).risk;
        let risk = risk.map_or_else(|| "unrated".to_owned(), |risk| name(case.policy_of(hazard), risk));
        *counts.entry(risk).or_default() += 1;
    }
    counts
}

impl<'a> TomValue<'a> {
    fn of(tom: &'a Tom) -> Self {
        let level = tom.level().level();
        Self { level, meaning: level.map(SignOffLevel::meaning), answers: &tom.answers }
    }
}
