//! C: reduction. Is what lowers a hazard's risk recorded, and does the conclusion follow?

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Exempt, Hit, Outcome, Run};
use crate::assurance::cross_reference::{AbsentEvidence, rules};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::folding::fold;
use crate::case::hazard::{Control, ControlState, Hazard, HazardRating, HazardState, Rating};
use crate::case::matrix::{RiskClass, RiskPolicy};
use std::collections::HashSet;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C8",
        level: Warning,
        clause: Some("6.1.1, 6.1.4"),
        title: "Lower residual rating without an additional control",
        why: "A risk falls because something is done about it. The existing controls are in the initial rating already, so nothing that is recorded explains the fall.",
        remedy: "Record the control that lowers the risk; or give the residual rating the initial one's values.",
        exempt: Some(Exempt::Acceptable),
        runs: &[Run::Log(lowered_by_nothing)],
        ..Check::DEFAULT
    },
    Check {
        id: "C9",
        level: Warning,
        clause: Some("6.1.4"),
        title: "Lower residual severity without a reason",
        why: "Controls usually make harm rarer, not milder. Where the severity falls, somebody must have thought of how a patient comes to less harm, and the report should say it.",
        remedy: "Record why the harm is milder, with the hazard or in the PSA session that agreed it; or rate the severity as before.",
        exempt: Some(Exempt::Acceptable),
        how: Some(
            "`severity_reason` of the hazard in supplement.toml, or the reason in the session's record",
        ),
        runs: &[Run::Log(milder_without_reason)],
        ..Check::DEFAULT
    },
    Check {
        id: "C12",
        level: Blocking,
        clause: Some("6.2.1, 6.2.2"),
        title: "Risk that outweighs the benefits, without a re-appraisal",
        why: "An analysis that says no is an answer. Going on regardless needs a decision on the project itself, and the report has to give it.",
        remedy: "Re-appraise the project, and record what was decided and why; or reduce the risk.",
        how: Some("`reappraisal` of the hazard, in supplement.toml"),
        runs: &[Run::Log(not_outweighed)],
        ..Check::DEFAULT
    },
    Check {
        id: "C15",
        level: Blocking,
        clause: Some("6.4.1"),
        title: "Closed hazard without a residual risk",
        why: "To close a hazard is to accept what remains of its risk, and here nobody has said what remains.",
        remedy: "Rate the residual severity and likelihood; or open the hazard again.",
        exempt: Some(Exempt::Acceptable),
        never_waived: true,
        runs: &[Run::Log(closed_unrated)],
        ..Check::DEFAULT
    },
    Check {
        id: "C23",
        level: Warning,
        clause: Some("5.1.2, 6.3.3"),
        title: "Low initial risk that rests on existing controls without evidence",
        why: "The initial risk counts the controls that are there already. If one of them is not there or does not work, the risk was never low, and nothing else was done about it.",
        remedy: "Name the evidence for the existing controls; or rate the initial risk without them.",
        how: Some("evidence.toml, with the controls' ids"),
        runs: &[Run::Case(low_without_evidence)],
        ..Check::DEFAULT
    },
    Check {
        id: "C24",
        level: Warning,
        clause: Some("6.2.1"),
        title: "Risk-benefit analysis without an outcome",
        why: "Whether the benefits outweigh the risk is a decision, and a reader should not have to guess it from the text.",
        remedy: "Record the outcome of the analysis, who decided and when.",
        how: Some(
            "`risk_benefit` of the hazard in supplement.toml: `{ analysis = \"...\", outcome = \"benefit-outweighs\" or \"risk-outweighs\", by = \"...\", on = ... }`",
        ),
        runs: &[Run::Log(undecided_analysis)],
        ..Check::DEFAULT
    },
];

/// Whether the residual rating is below the initial one: its risk, or part of what makes the risk.
pub(super) fn is_lowered(hazard: &Hazard, policy: &RiskPolicy) -> bool {
    let (initial, residual) = (&hazard.initial, &hazard.residual);
    let Some(order) =
        initial.risk.zip(residual.risk).and_then(|(before, after)| policy.compare(after, before))
    else {
        return false;
    };
    let ranks = |rating: &Rating| {
        let severity = policy.severity_rank(rating.severity.as_deref()?)?;
        Some((severity, policy.likelihood_rank(rating.likelihood.as_deref()?)?))
    };
    let below = ranks(initial)
        .zip(ranks(residual))
        .is_some_and(|(before, after)| after != before && after.0 <= before.0 && after.1 <= before.1);
    order.is_lt() || order.is_eq() && below
}

fn lowered_by_nothing(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let counted = |control: &Control| control.state != ControlState::Deferred;
        if hazard.controls.iter().any(counted)
            || !is_lowered(hazard, subject.policy_of(hazard))
            || super::is_exempt(subject.people, hazard, outcome, "no additional control is needed")
        {
            continue;
        }
        let without = match hazard.controls.len() {
            0 => "no additional control is recorded",
            1 => "its only additional control is deferred",
            _ => "all of its additional controls are deferred",
        };
        let message = format!(
            "{} falls from {} to {}, and {without}.",
            hazard.key,
            super::severity_by_likelihood(&hazard.initial),
            super::severity_by_likelihood(&hazard.residual)
        );
        outcome.hit(Hit::hazard(&hazard.key, "residual/risk", message));
    }
}

fn milder_without_reason(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let reasoned = reasoned_severities(subject);
    for hazard in &subject.log.hazards {
        let severities = hazard.initial.severity.as_deref().zip(hazard.residual.severity.as_deref());
        let Some((before, after)) = severities else { continue };
        let policy = subject.policy_of(hazard);
        let ranks = policy.severity_rank(before).zip(policy.severity_rank(after));
        if ranks.is_none_or(|(before, after)| after >= before)
            || is_given(hazard.severity_reason.as_deref())
            || reasoned.contains(&(hazard.key.as_str(), fold(after)))
            || super::is_exempt(
                subject.people,
                hazard,
                outcome,
                "no reason is needed for the residual rating",
            )
        {
            continue;
        }
        let message = format!(
            "The severity of {} falls from {before} to {after}, and no reason is recorded.{}",
            hazard.key,
            super::reason_in_notes(hazard, subject.provenance)
        );
        outcome.hit(Hit::hazard(&hazard.key, "residual/severity", message));
    }
}

fn is_given(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// The severities that sessions agreed and gave a reason for, with their hazards.
fn reasoned_severities<'a>(subject: &LogSubject<'a>) -> HashSet<(&'a str, String)> {
    let discussions = subject.psa.iter().flat_map(|session| &session.discussed);
    let reasoned = discussions.filter(|discussion| is_given(discussion.reason.as_deref()));
    let severity = |after: &HazardRating| fold(&after.severity);
    reasoned.filter_map(|told| Some((told.hazard.as_str(), told.after.as_ref().map(severity)?))).collect()
}

fn not_outweighed(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        if rules::is_outweighed(hazard) && rules::reappraisal(hazard).is_none() {
            let message = format!(
                "The risk-benefit analysis of {} finds that the risk outweighs the benefits, and no re-appraisal is recorded.",
                hazard.key
            );
            outcome.hit(Hit::hazard(&hazard.key, "risk_benefit", message));
        }
    }
}

fn undecided_analysis(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        if rules::weighed(hazard).is_some_and(|weighed| weighed.outcome.is_none()) {
            let message = format!(
                "The risk-benefit analysis of {} does not state whether the benefits outweigh the risk.",
                hazard.key
            );
            outcome.hit(Hit::hazard(&hazard.key, "risk_benefit", message));
        }
    }
}

fn closed_unrated(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in subject.log.hazards.iter().filter(|hazard| hazard.state == HazardState::Closed) {
        if hazard.residual.risk.is_none()
            && !super::is_exempt(subject.people, hazard, outcome, "no residual rating is needed")
        {
            let message = format!("{} is closed, and its residual risk is not known.", hazard.key);
            outcome.hit(Hit::hazard(&hazard.key, "residual/risk", message));
        }
    }
}

/// A hazard's existing controls that are the organisation's own and that nothing shows.
fn unshown<'a>(hazard: &'a Hazard, absent: &AbsentEvidence<'_>) -> Vec<&'a Control> {
    let own = hazard.existing_controls.iter().filter(|control| !rules::is_transferred(control));
    own.filter(|control| !rules::has_evidence(control, absent)).collect()
}

fn low_without_evidence(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let is_low = |hazard: &&Hazard| {
        let class = hazard.initial.class;
        matches!(class, Some(RiskClass::Acceptable | RiskClass::AcceptableWithReason))
            || rules::is_exempt(hazard)
    };
    let low: Vec<(&Hazard, Vec<&Control>)> = case
        .hazard_log
        .hazards
        .iter()
        .filter(is_low)
        .map(|hazard| (hazard, unshown(hazard, &examined.absent)))
        .filter(|(_, controls)| !controls.is_empty())
        .collect();
    // A case without any evidence is told so once.
    if case.evidence.is_empty() && low.len() > 1 {
        let keys: Vec<String> = low.iter().map(|(hazard, _)| hazard.key.clone()).collect();
        let message = format!(
            "The initial risk of {} hazards is low with existing controls for which the case has no evidence: {}.",
            keys.len(),
            super::some_of(&keys)
        );
        let path = format!("hazards/{}/initial/risk", low[0].0.key);
        outcome.hit(Hit::at(path, message).of_hazards(low.iter().map(|(hazard, _)| *hazard)));
        return;
    }
    for (hazard, controls) in low {
        let ids: Vec<String> = controls.iter().map(|control| control.id.clone()).collect();
        let message = format!(
            "The initial risk of {} ({}) counts {} without evidence: {}.",
            hazard.key,
            super::severity_by_likelihood(&hazard.initial),
            if ids.len() == 1 {
                "an existing control".to_owned()
            } else {
                format!("{} existing controls", ids.len())
            },
            super::some_of(&ids)
        );
        outcome.hit(Hit::hazard(&hazard.key, "initial/risk", message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, acceptance, discussion, fires, rating, silent, some};
    use crate::case::hazard::{BenefitOutcome, HazardRating, RiskBenefit};
    use crate::case::psa::Decision;

    #[test]
    fn c8_a_risk_that_falls_by_itself() {
        let spoil = |fixture: &mut Fixture| {
            fixture.hazard().controls.clear();
            fixture.hazard().residual = rating("Major", "Very Low", 2);
        };
        fires(
            "C8",
            spoil,
            "H01 falls from Major x Medium to Major x Very Low, and no additional control is recorded.",
        );
        // Major x Medium and Major x Low are both 3.
        let within = Fixture::with(|fixture| fixture.hazard().controls.clear());
        assert_eq!(within.findings("C8").len(), 1, "the likelihood falls within one risk");
        let same = Fixture::with(|fixture| {
            fixture.hazard().controls.clear();
            fixture.hazard().residual = rating("Major", "Medium", 3);
        });
        assert_eq!(same.messages("C8"), Vec::<String>::new());
    }

    #[test]
    fn c9_a_severity_that_falls_needs_a_reason() {
        let spoil = |fixture: &mut Fixture| fixture.hazard().residual = rating("Significant", "Low", 2);
        fires("C9", spoil, "The severity of H01 falls from Major to Significant, and no reason is recorded.");
        let finding = Fixture::with(spoil).imported().into_iter().find(|finding| finding.check == "C9");
        let cell = finding.and_then(|finding| finding.source).and_then(|place| place.cell);
        assert_eq!(cell.as_deref(), Some("N2"));

        let mut fixture = Fixture::with(spoil);
        fixture.hazard().notes = some("Reviewed in May. The risk is inherent. Nothing more.");
        assert_eq!(
            fixture.messages("C9"),
            [
                "The severity of H01 falls from Major to Significant, and no reason is recorded. The log's notes (A2) may hold one, which nobody has recorded as the reason: \"The risk is inherent\"."
            ]
        );

        let mut fixture = Fixture::with(spoil);
        fixture.hazard().severity_reason = some("Doses are capped at what is harmless");
        assert_eq!(fixture.messages("C9"), Vec::<String>::new());

        let mut fixture = Fixture::with(spoil);
        let agreed = |severity: &str| {
            Some(HazardRating { severity: severity.to_owned(), likelihood: "Low".to_owned() })
        };
        let mut said = discussion("H01", Some(Decision::Accept));
        said.after = agreed("significant");
        fixture.case.psa[0].discussed = vec![said.clone()];
        assert_eq!(fixture.findings("C9").len(), 1, "the session gives no reason");
        said.reason = some("Doses are capped");
        fixture.case.psa[0].discussed = vec![said.clone()];
        assert_eq!(fixture.messages("C9"), Vec::<String>::new());
        said.after = agreed("Major");
        fixture.case.psa[0].discussed = vec![said];
        assert_eq!(fixture.findings("C9").len(), 1, "the session agreed another severity");
    }

    #[test]
    fn c12_and_c24_read_what_the_analysis_concludes() {
        silent("C12");
        silent("C24");
        let mut fixture = Fixture::new();
        fixture.hazard().risk_benefit = Some(RiskBenefit::from("Care is faster"));
        assert_eq!(
            fixture.messages("C24"),
            ["The risk-benefit analysis of H01 does not state whether the benefits outweigh the risk."]
        );
        assert_eq!(fixture.messages("C12"), Vec::<String>::new());
        fixture.hazard().risk_benefit.as_mut().unwrap().outcome = Some(BenefitOutcome::RiskOutweighs);
        assert_eq!(fixture.messages("C24"), Vec::<String>::new());
        assert_eq!(
            fixture.messages("C12"),
            [
                "The risk-benefit analysis of H01 finds that the risk outweighs the benefits, and no re-appraisal is recorded."
            ]
        );
        fixture.hazard().reappraisal = some("Scope reduced to one specialty");
        assert_eq!(fixture.messages("C12"), Vec::<String>::new());
    }

    #[test]
    fn c15_a_closed_hazard_has_a_residual_risk() {
        let spoil = |fixture: &mut Fixture| fixture.hazard().residual = Rating::default();
        fires("C15", spoil, "H01 is closed, and its residual risk is not known.");
        let mut fixture = Fixture::with(spoil);
        fixture.hazard().state = HazardState::Open;
        assert_eq!(fixture.messages("C15"), Vec::<String>::new());
        fixture.hazard().state = HazardState::Closed;
        fixture.hazard().initial = rating("Minor", "Low", 1);
        assert_eq!(fixture.messages("C15"), Vec::<String>::new());
        let exempt = crate::assurance::assure(&fixture.subject()).not_applicable;
        assert!(exempt.iter().any(|exempt| exempt.check == "C15" && exempt.hazard == "H01"));
    }

    #[test]
    fn c23_a_low_risk_rests_on_controls_that_somebody_looked_at() {
        silent("C23");
        let spoil = |fixture: &mut Fixture| fixture.hazard().initial = rating("Minor", "Low", 1);
        fires(
            "C23",
            spoil,
            "The initial risk of H01 (Minor x Low) counts an existing control without evidence: H01.E1.",
        );
        let mut fixture = Fixture::with(spoil);
        fixture.hazard().existing_controls[0].stated_evidence = some("Audit of March");
        assert_eq!(fixture.messages("C23"), Vec::<String>::new());
        let accepted = Fixture::with(|fixture| fixture.hazard().initial_acceptance = Some(acceptance()));
        assert_eq!(accepted.findings("C23").len(), 1, "an accepted 3 rests on them as well");
    }

    #[test]
    fn c23_a_case_without_evidence_is_told_once() {
        let fixture = Fixture::with(|fixture| {
            fixture.case.evidence.clear();
            for hazard in &mut fixture.case.hazard_log.hazards {
                hazard.initial = rating("Minor", "Medium", 2);
            }
        });
        assert_eq!(
            fixture.messages("C23"),
            [
                "The initial risk of 2 hazards is low with existing controls for which the case has no evidence: H01 and H02."
            ]
        );
    }
}
