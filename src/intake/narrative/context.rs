//! The values that a narrative section can print.

use crate::case::document::DocumentControl;
use crate::case::hazard::{Evidence, Hazard, Rating};
use crate::case::psa::PsaSession;
use crate::case::system::{Organisation, Product, Release};
use crate::case::tom::{SignOffLevel, Tom, TomAnswer};
use crate::case::{Case, matrix};
use serde::Serialize;
use std::collections::BTreeMap;

/// Names of the values, for messages.
pub const NAMES: &str =
    "product, release, document, organisation, hazards, counts, psa, tom, evidence and hazard(\"id\")";

#[derive(Serialize)]
pub struct Context<'a> {
    product: &'a Product,
    release: &'a Release,
    document: &'a DocumentControl,
    organisation: &'a Organisation,
    hazards: &'a [Hazard],
    counts: Counts,
    psa: &'a [PsaSession],
    tom: Option<TomValue<'a>>,
    evidence: &'a [Evidence],
}

/// Numbers, so that none has to be typed in a sentence.
#[derive(Serialize)]
struct Counts {
    hazards: usize,
    causes: usize,
    existing_controls: usize,
    additional_controls: usize,
    /// Hazards by risk, such as `counts.residual["2"]`; those without a risk are `unrated`.
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
    pub fn of(case: &'a Case) -> Self {
        Self {
            product: &case.product,
            release: &case.release,
            document: &case.document,
            organisation: &case.organisation,
            hazards: &case.hazard_log.hazards,
            counts: Counts::of(case),
            psa: &case.psa,
            tom: case.tom.as_ref().map(TomValue::of),
            evidence: &case.evidence,
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
            initial: by_risk(&case.risk_policy, hazards.iter().map(|hazard| &hazard.initial)),
            residual: by_risk(&case.risk_policy, hazards.iter().map(|hazard| &hazard.residual)),
        }
    }
}

/// Every risk of the policy has its count, nought included.
fn by_risk<'a>(
    policy: &matrix::RiskPolicy,
    ratings: impl Iterator<Item = &'a Rating>,
) -> BTreeMap<String, usize> {
    let risks = policy.acceptability.iter().map(|entry| entry.risk.to_string());
    let mut counts: BTreeMap<String, usize> =
        risks.chain(["unrated".to_owned()]).map(|risk| (risk, 0)).collect();
    for rating in ratings {
        let risk = rating.risk.map_or_else(|| "unrated".to_owned(), |risk| risk.to_string());
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
