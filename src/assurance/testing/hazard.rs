//! Hazards, their controls and ratings, and a matrix that is not the NHS one.

use super::{date, some};
use crate::case::hazard::{
    Acceptance, Cause, Condition, Control, ControlKind, ControlState, Hazard, HazardState, LinkBasis, Rating,
    StatedRisk,
};
use crate::case::matrix::{Acceptability, Category, RiskClass, RiskPolicy};
use crate::case::system::Declared;

pub fn hazard(key: &str) -> Hazard {
    Hazard {
        key: key.to_owned(),
        id: key.to_owned(),
        name: Some(format!("Referral {key} is lost")),
        description: some("The referral is not delivered"),
        impact: some("The patient is treated late"),
        condition: Some(Condition::Both),
        causes: vec![Cause {
            id: format!("{key}.1"),
            text: "The network fails".to_owned(),
            controls: vec![format!("{key}.D1")],
            link: LinkBasis::Stated,
            without_control: None,
        }],
        existing_controls: vec![control(&format!("{key}.E1"), ControlKind::Existing)],
        controls: vec![control(&format!("{key}.D1"), ControlKind::Design)],
        initial: rating("Major", "Medium", 3),
        residual: rating("Major", "Low", 3),
        residual_acceptance: Some(acceptance()),
        owner: some("Example Health Systems"),
        status: some("Closed"),
        state: HazardState::Closed,
        ..Hazard::default()
    }
}

pub fn acceptance() -> Acceptance {
    Acceptance {
        by: "cso".to_owned(),
        on: date("2026-08-20"),
        reason: "Reducing it further is impractical".to_owned(),
    }
}

pub fn control(id: &str, kind: ControlKind) -> Control {
    let existing = kind == ControlKind::Existing;
    Control {
        id: id.to_owned(),
        kind,
        stated_type: None,
        text: "Delivery is confirmed".to_owned(),
        owner: None,
        action: None,
        status: (!existing).then(|| "Implemented".to_owned()),
        state: if existing { ControlState::NotGiven } else { ControlState::Closed },
        transferred_to: None,
        evidence: if existing { Vec::new() } else { vec!["EV-1".to_owned()] },
        stated_evidence: None,
        introduces: Declared::NotGiven,
    }
}

/// A matrix of two by two in which 1 is the worst: Slight and Severe, Seldom and Often. 1 is unacceptable, 2
/// undesirable, 3 acceptable with a reason, 4 acceptable.
pub fn inverted() -> RiskPolicy {
    let word = |word: &str| Category { word: word.to_owned(), meaning: String::new() };
    let level = |risk, class, word: &str| Acceptability {
        risk,
        class,
        word: word.to_owned(),
        meaning: String::new(),
    };
    RiskPolicy {
        id: "inverted".to_owned(),
        title: "Inverted matrix".to_owned(),
        severities: vec![word("Slight"), word("Severe")],
        likelihoods: vec![word("Seldom"), word("Often")],
        matrix: vec![vec![4, 2], vec![3, 1]],
        acceptability: vec![
            level(4, RiskClass::Acceptable, "Low"),
            level(3, RiskClass::AcceptableWithReason, "Medium"),
            level(2, RiskClass::Undesirable, "High"),
            level(1, RiskClass::Unacceptable, "Extreme"),
        ],
        ..RiskPolicy::nhs()
    }
}

/// A rating with this stated risk, in the NHS matrix.
pub fn rating(severity: &str, likelihood: &str, stated: u8) -> Rating {
    Rating::new(Some(severity), Some(likelihood), Some(StatedRisk::Score(stated)), &RiskPolicy::nhs())
}
