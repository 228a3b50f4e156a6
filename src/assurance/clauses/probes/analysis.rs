//! Analysis and evaluation (4.1 to 5.1.1).

use super::{HAZARDS, Scene, Sight, is_given, is_written, part, plural, section, without_stop};
use crate::assurance::cross_reference::rules;
use crate::case::hazard::{Condition, Hazard};

const ANALYSIS: &str = "clinical-risk-analysis";

pub(super) fn planned_activities(scene: &Scene<'_>) -> Sight {
    let Some(plan) = &scene.case().plan else {
        return Sight::none("No clinical risk management plan is given").shown_at(part("plan"));
    };
    let without: Vec<&str> = plan
        .activities
        .iter()
        .filter(|activity| !is_given(activity.evidence.as_ref()))
        .map(|activity| activity.activity.as_str())
        .collect();
    if plan.activities.is_empty() {
        Sight::none("The plan lists no activity")
    } else {
        Sight::of_each(
            "What shows that it was done is named",
            ("planned activity", "planned activities"),
            plan.activities.len(),
            &without,
        )
    }
    .shown_at(part("plan"))
}

pub(super) fn multidisciplinary(scene: &Scene<'_>) -> Sight {
    let sessions = scene.case().psa.len();
    match scene.finding("B13") {
        _ if sessions == 0 => Sight::none("No PSA session is recorded"),
        Some(finding) => Sight::partly(without_stop(finding)),
        None => Sight::found(format!(
            "{}, at least one with those present whom the \"{}\" asks for",
            plural(sessions, "PSA session"),
            scene.case().risk_policy.title
        )),
    }
    .shown_at(section(ANALYSIS))
}

/// Whether the extent is right is nothing that can be counted.
pub(super) fn extent(scene: &Scene<'_>) -> Sight {
    let account = if scene.narrates(ANALYSIS) || !scene.case().psa.is_empty() {
        "Whether the extent is right, a person has to say; what was done is told in the report"
    } else {
        "Whether the extent is right, a person has to say; the report gives no account of the analysis"
    };
    Sight::not_looked_at(account).shown_at(section(ANALYSIS))
}

pub(super) fn scope(scene: &Scene<'_>) -> Sight {
    let system = &scene.case().system;
    let listed = system.in_scope.iter().filter(|entry| is_written(entry)).count();
    match (listed, system.out_of_scope.len()) {
        (0, _) => Sight::none("What is in scope is not given"),
        (listed, 0) => Sight::found(format!("{listed} in scope; nothing is named as out of scope")),
        (listed, excluded) => Sight::found(format!("{listed} in scope, {excluded} out of scope")),
    }
    .shown_at(part("scope"))
}

pub(super) fn intended_use(scene: &Scene<'_>) -> Sight {
    if is_given(scene.case().system.intended_use.as_ref()) {
        Sight::found("The intended use is given")
    } else {
        Sight::none("The intended use is not given, or not complete")
    }
    .shown_at(part("intended-use"))
}

pub(super) fn hazards_identified(scene: &Scene<'_>) -> Sight {
    let hazards = scene.hazards();
    let counts = &scene.examined.cross_reference.counts;
    let in_normal_use =
        |hazard: &Hazard| matches!(hazard.condition, Some(Condition::Normal | Condition::Both));
    let said_of_any = hazards.iter().any(|hazard| hazard.condition.is_some());
    let mut missing = Vec::new();
    if counts.items == 0 {
        missing.push("no risk assessment is given that they could be measured against".to_owned());
    }
    if counts.items_unanswered > 0 {
        missing.push(format!(
            "{} of {} of the risk assessment {} unanswered",
            counts.items_unanswered,
            plural(counts.items, "item"),
            if counts.items_unanswered == 1 { "is" } else { "are" }
        ));
    }
    if !rules::failure_was_considered(scene.case()) {
        missing.push(
            "none is said to arise in failure, and no item of the risk assessment is about one".to_owned(),
        );
    }
    if said_of_any && !hazards.iter().any(in_normal_use) {
        missing.push("no hazard is recorded for normal use".to_owned());
    }
    let held = plural(hazards.len(), "hazard");
    let sight = if hazards.is_empty() {
        Sight::none("No hazard is recorded")
    } else if missing.is_empty() {
        Sight::found(format!("{held}; {} of the risk assessment answered", plural(counts.items, "item")))
    } else {
        Sight::partly(format!("{held}; {}", missing.join("; ")))
    };
    sight.shown_at(part("hazard-summary")).shown_at(section("clinical-risk-control")).shown_at(part("items"))
}

pub(super) fn initial_ratings(scene: &Scene<'_>) -> Sight {
    let hazards = scene.hazards();
    let without: Vec<&str> = hazards
        .iter()
        .filter(|hazard| hazard.initial.risk.is_none())
        .map(|hazard| hazard.key.as_str())
        .collect();
    if hazards.is_empty() {
        Sight::none("No hazard is recorded")
    } else {
        Sight::of_each("Initial severity, likelihood and risk", HAZARDS, hazards.len(), &without)
    }
    .shown_at(part("hazard-summary"))
}

pub(super) fn initial_risk_evaluated(scene: &Scene<'_>) -> Sight {
    let hazards = scene.hazards();
    let without: Vec<&str> = hazards
        .iter()
        .filter(|hazard| hazard.initial.class.is_none())
        .map(|hazard| hazard.key.as_str())
        .collect();
    if hazards.is_empty() {
        Sight::none("No hazard is recorded")
    } else {
        Sight::of_each("Initial risk placed by the criteria", HAZARDS, hazards.len(), &without)
    }
    .shown_at(section("clinical-risk-evaluation"))
    .shown_at(section("appendix-risk-matrix"))
}
