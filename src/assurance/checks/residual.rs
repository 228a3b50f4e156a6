//! C: residual risk. Do the controls leave the patient better off, and does the report give the reason for what is left?

use super::control::risk_of;
use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Exempt, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules::{self, Remaining};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::matrix::RiskClass;
use std::cmp::Ordering;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C7",
        level: Blocking,
        clause: Some("6.1.4, 6.1.2"),
        title: "Residual risk above the initial risk",
        why: "Controls that raise a risk have brought a hazard of their own, or one of the two ratings is wrong.",
        remedy: "Correct the rating; or find out which control raises the risk, and record the hazard that it brings.",
        runs: &[Run::Log(raised_risks)],
        ..Check::DEFAULT
    },
    Check {
        id: "C10",
        level: Blocking,
        clause: Some("6.1.4, 5.1.1"),
        title: "Undesirable residual risk without a reason",
        why: "A risk that the policy calls undesirable (NHS 3) is acceptable only where reducing it further is impractical, and somebody has to say why it is.",
        remedy: "Reduce the risk further; or have the Clinical Safety Officer record why that is impractical.",
        exempt: Some(Exempt::Acceptable),
        how: Some("`residual_acceptance` of the hazard, in supplement.toml"),
        runs: &[Run::Case(|examined, outcome| unjustified(examined, outcome, RiskClass::Undesirable))],
        ..Check::DEFAULT
    },
    Check {
        id: "C11",
        level: Blocking,
        clause: Some("6.1.6, 6.2.1"),
        title: "Unacceptable residual risk without a risk-benefit analysis",
        why: "A risk that the policy calls unacceptable (NHS 4 and 5) can stand only where its clinical benefit was shown to outweigh it.",
        remedy: "Reduce the risk; or have the benefit weighed against it, and record the result.",
        how: Some("`risk_benefit` of the hazard, in supplement.toml"),
        runs: &[Run::Case(unweighed)],
        ..Check::DEFAULT
    },
    Check {
        id: "C13",
        level: Warning,
        clause: Some("6.1.4"),
        title: "Residual risk that needs a reason, and has none",
        why: "Some risks are acceptable where reducing them further would cost more than it gains (NHS 2); that is a judgement, and the report should give it.",
        remedy: "Record why the risk is accepted as it is.",
        exempt: Some(Exempt::Acceptable),
        how: Some("`residual_acceptance` of the hazard, in supplement.toml"),
        runs: &[Run::Case(|examined, outcome| {
            unjustified(examined, outcome, RiskClass::AcceptableWithReason);
        })],
        ..Check::DEFAULT
    },
];

/// Residual risks of this class that nobody gave a reason for.
fn unjustified(examined: &Examined<'_>, outcome: &mut Outcome, class: RiskClass) {
    let case = examined.subject.case;
    for hazard in &case.hazard_log.hazards {
        let Some(risk) = risk_of(&hazard.residual, &[class]) else { continue };
        match rules::remaining_risk(hazard) {
            Remaining::Unanswered => {}
            Remaining::Exempt => {
                super::is_exempt(&case.people, hazard, outcome, "no reason is needed for the residual risk");
                continue;
            }
            _ => continue,
        }
        let message = format!(
            "{} has a residual risk of {}, and no reason is recorded for accepting it.{}",
            hazard.key,
            super::risk_in_words(risk, &hazard.residual, case.policy_of(hazard)),
            super::reason_in_notes(hazard, examined.subject.provenance)
        );
        outcome.hit(Hit::hazard(&hazard.key, "residual/risk", message));
    }
}

/// Nothing exempts from this: where 5.1.2 does, the initial risk was no worse than undesirable, and the
/// controls raised it.
fn unweighed(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    for hazard in &case.hazard_log.hazards {
        let Some(risk) = risk_of(&hazard.residual, &[RiskClass::Unacceptable]) else { continue };
        if rules::weighed(hazard).is_some() {
            continue;
        }
        let message = format!(
            "{} has a residual risk of {}, and no risk-benefit analysis is recorded.",
            hazard.key,
            super::risk_in_words(risk, &hazard.residual, case.policy_of(hazard))
        );
        outcome.hit(Hit::hazard(&hazard.key, "residual/risk", message));
    }
}

fn raised_risks(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let policy = subject.policy_of(hazard);
        let (Some(before), Some(after)) = (hazard.initial.risk, hazard.residual.risk) else { continue };
        if policy.compare(after, before) == Some(Ordering::Greater) {
            let message = format!(
                "{} has a residual risk of {} and an initial risk of {}.",
                hazard.key,
                super::risk_in_words(after, &hazard.residual, policy),
                super::risk_in_words(before, &hazard.initial, policy)
            );
            outcome.hit(Hit::hazard(&hazard.key, "residual/risk", message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::control::tests::{FOUR, THREE, TWO, exempt, rated};
    use crate::assurance::testing::{Fixture, acceptance, fires, rating, silent};
    use crate::case::hazard::{Acceptance, HazardState, RiskBenefit};

    #[test]
    fn c10_and_c13_a_residual_risk_without_a_reason() {
        for (check, residual, message) in [
            ("C10", ["Major", "Low"], "H01 has a residual risk of 3, Undesirable (Major x Low), "),
            (
                "C13",
                ["Major", "Very Low"],
                "H01 has a residual risk of 2, Acceptable if justified (Major x Very Low), ",
            ),
        ] {
            silent(check);
            let mut fixture = rated(THREE, residual);
            let message = format!("{message}and no reason is recorded for accepting it.");
            assert_eq!(fixture.messages(check), [message.as_str()]);
            fixture.hazard().residual_acceptance =
                Some(Acceptance { reason: " ".to_owned(), ..acceptance() });
            assert_eq!(fixture.messages(check), [message], "a reason of no words is none");
            fixture.hazard().residual_acceptance = Some(acceptance());
            assert_eq!(fixture.messages(check), Vec::<String>::new());
        }
    }

    #[test]
    fn c10_and_c13_do_not_apply_where_5_1_2_accepts_the_initial_risk() {
        for (check, both) in [("C10", THREE), ("C13", TWO)] {
            let mut fixture = rated(both, both);
            fixture.hazard().initial_acceptance = Some(acceptance());
            assert_eq!(fixture.messages(check), Vec::<String>::new());
            assert_eq!(exempt(&fixture, check).len(), 1, "{check}");
        }
    }

    #[test]
    fn c11_neither_closing_nor_accepting_replaces_a_risk_benefit_analysis() {
        silent("C11");
        let mut fixture = rated(FOUR, FOUR);
        fixture.hazard().residual_acceptance = Some(acceptance());
        assert_eq!(fixture.hazard().state, HazardState::Closed);
        let message = "H01 has a residual risk of 4, Mandatory reduction (Major x High), and no risk-benefit analysis is recorded.";
        assert_eq!(fixture.messages("C11"), [message]);
        assert!(crate::assurance::assure(&fixture.subject()).status.draft);
        fixture.hazard().risk_benefit = Some(RiskBenefit::from(" "));
        assert_eq!(fixture.messages("C11"), [message]);
        fixture.hazard().risk_benefit = Some(RiskBenefit::from("The benefit outweighs it"));
        assert_eq!(fixture.messages("C11"), Vec::<String>::new());
    }

    #[test]
    fn c7_controls_that_raise_the_risk() {
        let spoil = |fixture: &mut Fixture| fixture.hazard().residual = rating("Major", "High", 4);
        fires(
            "C7",
            spoil,
            "H01 has a residual risk of 4, Mandatory reduction (Major x High) and an initial risk of 3, Undesirable (Major x Medium).",
        );
    }
}
