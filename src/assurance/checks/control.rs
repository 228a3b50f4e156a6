//! C: control and residual risk. Do the controls leave the patient better off, and has somebody decided on
//! what remains?

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules;
use crate::assurance::finding::Level::{Blocking, Information, Warning};
use crate::case::hazard::{Hazard, Rating};
use crate::case::matrix::RiskClass;
use crate::case::observation::ObservationKind as Kind;
use crate::case::psa::Decision;
use std::cmp::Ordering;
use std::collections::HashMap;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C1",
        level: Blocking,
        clause: Some("6.1.1"),
        title: "Initial risk that has to be reduced, without a control",
        why: "A risk that the policy calls undesirable or worse (NHS 3 to 5) has to be reduced; a hazard that nothing was done about leaves the patient where the analysis found them.",
        remedy: "Find and record additional controls. An undesirable initial risk may also stand as it is where somebody decided so: record who, when and why as the hazard's `initial_acceptance`. An unacceptable one may not.",
        runs: &[Run::Case(|examined, outcome| {
            uncontrolled(examined, outcome, &[RiskClass::Undesirable, RiskClass::Unacceptable]);
        })],
    },
    Check {
        id: "C6",
        level: Blocking,
        clause: Some("6.3.2, 3.1.3"),
        title: "Evidence that is not there",
        why: "A control is shown to work by a document that somebody can open; a file that does not exist shows nothing.",
        remedy: "Put the file into the case folder, or correct its name in the evidence.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::MissingFile]))],
    },
    Check {
        id: "C7",
        level: Blocking,
        clause: Some("6.1.4, 6.1.2"),
        title: "Residual risk above the initial risk",
        why: "Controls that raise a risk have brought a hazard of their own, or one of the two ratings is wrong.",
        remedy: "Correct the rating; or find out which control raises the risk, and record the hazard that it brings.",
        runs: &[Run::Log(raised_risks)],
    },
    Check {
        id: "C10",
        level: Blocking,
        clause: Some("6.1.4, 5.1.1"),
        title: "Undesirable residual risk without a reason",
        why: "A risk that the policy calls undesirable (NHS 3) is acceptable only where reducing it further is impractical, and somebody has to say why it is.",
        remedy: "Reduce the risk further; or have the Clinical Safety Officer record why that is impractical, as the hazard's `residual_acceptance`.",
        runs: &[Run::Case(|examined, outcome| unjustified(examined, outcome, RiskClass::Undesirable))],
    },
    Check {
        id: "C11",
        level: Blocking,
        clause: Some("6.1.6, 6.2.1"),
        title: "Unacceptable residual risk without a risk-benefit analysis",
        why: "A risk that the policy calls unacceptable (NHS 4 and 5) can stand only where its clinical benefit was shown to outweigh it.",
        remedy: "Reduce the risk; or have the benefit weighed against it, and record the result as the hazard's `risk_benefit`.",
        runs: &[Run::Case(unweighed)],
    },
    Check {
        id: "C13",
        level: Warning,
        clause: Some("6.1.4"),
        title: "Residual risk that needs a reason, and has none",
        why: "Some risks are acceptable where reducing them further would cost more than it gains (NHS 2); that is a judgement, and the report should give it.",
        remedy: "Record why the risk is accepted as it is, as the hazard's `residual_acceptance`.",
        runs: &[Run::Case(|examined, outcome| {
            unjustified(examined, outcome, RiskClass::AcceptableWithReason);
        })],
    },
    Check {
        id: "C16",
        level: Blocking,
        clause: Some("6.4.1"),
        title: "Hazard not decided",
        why: "Every identified hazard has to be considered and accepted; one that nobody has decided on is still in the way of the patient.",
        remedy: "Decide at a PSA session whether the hazard is accepted, transferred or closed, and record the decision or the status.",
        runs: &[Run::Case(undecided)],
    },
    Check {
        id: "C17",
        level: Information,
        clause: Some("6.1.1"),
        title: "Lists of different length",
        why: "Where causes and controls are numbered alike, equal numbers seem to belong together; lists of different length leave some without a partner.",
        remedy: "Say in the log which control answers which cause, or state the links in the supplement.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::ListLength]))],
    },
    Check {
        id: "C18",
        level: Warning,
        clause: Some("6.1.1, 5.1.2"),
        title: "Initial risk with neither control nor acceptance",
        why: "Only the lowest risks are acceptable of themselves (NHS 1); at the next (NHS 2) either something is done, or somebody decides that nothing need be.",
        remedy: "Record additional controls, or who accepted the risk, when and why, as the hazard's `initial_acceptance`.",
        runs: &[Run::Case(|examined, outcome| {
            uncontrolled(examined, outcome, &[RiskClass::AcceptableWithReason]);
        })],
    },
];

/// The risk of a rating, where it is of one of these classes.
fn risk_of(rating: &Rating, classes: &[RiskClass]) -> Option<u8> {
    rating.risk.filter(|_| rating.class.is_some_and(|class| classes.contains(&class)))
}

/// Initial risks of these classes that no additional control answers.
fn uncontrolled(examined: &Examined<'_>, outcome: &mut Outcome, classes: &[RiskClass]) {
    let case = examined.subject.case;
    for hazard in &case.hazard_log.hazards {
        let Some(risk) = risk_of(&hazard.initial, classes) else { continue };
        if !hazard.controls.is_empty() {
            continue;
        }
        if super::is_exempt(&case.people, hazard, outcome, "no additional control is needed") {
            continue;
        }
        let message = format!(
            "{} has an initial risk of {} and no additional control.",
            hazard.key,
            super::risk_in_words(risk, &hazard.initial, case.policy_of(hazard))
        );
        outcome.hit(Hit::hazard(&hazard.key, "initial/risk", message));
    }
}

/// Residual risks of this class that nobody gave a reason for.
fn unjustified(examined: &Examined<'_>, outcome: &mut Outcome, class: RiskClass) {
    let case = examined.subject.case;
    for hazard in &case.hazard_log.hazards {
        let Some(risk) = risk_of(&hazard.residual, &[class]) else { continue };
        if rules::recorded(hazard.residual_acceptance.as_ref()).is_some() {
            continue;
        }
        if super::is_exempt(&case.people, hazard, outcome, "no reason is needed for the residual risk") {
            continue;
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
        if hazard.risk_benefit.as_ref().is_some_and(|weighed| !weighed.analysis.trim().is_empty()) {
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

fn undecided(examined: &Examined<'_>, outcome: &mut Outcome) {
    let rows = &examined.cross_reference.hazards;
    let decisions: HashMap<&str, Decision> =
        rows.iter().filter_map(|row| Some((row.key.as_str(), row.decision.as_ref()?.0))).collect();
    for hazard in &examined.subject.case.hazard_log.hazards {
        let decision = decisions.get(hazard.key.as_str()).copied();
        if !rules::is_decided(hazard, decision) {
            outcome.hit(Hit::hazard(&hazard.key, "status", undecided_message(hazard, decision)));
        }
    }
}

fn undecided_message(hazard: &Hazard, decision: Option<Decision>) -> String {
    let status = match hazard.status.as_deref().map(str::trim).filter(|status| !status.is_empty()) {
        Some(status) => format!("has the status \"{status}\""),
        None => "has no status".to_owned(),
    };
    let decided = match decision {
        Some(Decision::Control) => "the last decision of a PSA session is to control it",
        Some(Decision::Defer) => "the last PSA session to discuss it deferred the decision",
        _ => "no PSA session records a decision on it",
    };
    format!("{} {status}, and {decided}.", hazard.key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{
        Fixture, acceptance, fires, fires_on_observation, inverted, rating, silent, some,
    };
    use crate::case::hazard::{Acceptance, HazardState, RiskBenefit};
    use crate::case::matrix::RiskPolicy;

    /// A first hazard with these two ratings, which nobody has accepted.
    fn rated(initial: [&str; 2], residual: [&str; 2]) -> Fixture {
        let rating = |[severity, likelihood]: [&str; 2]| {
            crate::case::hazard::Rating::new(Some(severity), Some(likelihood), None, &RiskPolicy::nhs())
        };
        Fixture::with(|fixture| {
            fixture.hazard().initial = rating(initial);
            fixture.hazard().residual = rating(residual);
            fixture.hazard().residual_acceptance = None;
        })
    }

    const ONE: [&str; 2] = ["Minor", "Low"];
    const TWO: [&str; 2] = ["Minor", "Medium"];
    const THREE: [&str; 2] = ["Major", "Medium"];
    const FOUR: [&str; 2] = ["Major", "High"];

    fn exempt(fixture: &Fixture, check: &str) -> Vec<String> {
        let exempt = crate::assurance::assure(&fixture.subject()).not_applicable;
        exempt.into_iter().filter(|exempt| exempt.check == check).map(|exempt| exempt.because).collect()
    }

    #[test]
    fn c1_an_unacceptable_risk_that_nothing_was_done_about() {
        silent("C1");
        for (initial, message) in [
            (THREE, "H01 has an initial risk of 3, Undesirable (Major x Medium) and no additional control."),
            (
                FOUR,
                "H01 has an initial risk of 4, Mandatory reduction (Major x High) and no additional control.",
            ),
        ] {
            let mut fixture = rated(initial, ONE);
            assert_eq!(fixture.messages("C1"), Vec::<String>::new());
            fixture.hazard().controls.clear();
            assert_eq!(fixture.messages("C1"), [message]);
            assert_eq!(fixture.messages("C18"), Vec::<String>::new());
        }
    }

    /// A first hazard of a matrix in which 1 is the worst, with these two ratings, which nobody has accepted.
    fn inverted_hazard(initial: [&str; 2], residual: [&str; 2]) -> Fixture {
        let policy = inverted();
        let rating =
            |[severity, likelihood]: [&str; 2]| Rating::new(Some(severity), Some(likelihood), None, &policy);
        let mut fixture = Fixture::with(|fixture| {
            fixture.hazard().initial = rating(initial);
            fixture.hazard().residual = rating(residual);
            fixture.hazard().residual_acceptance = None;
        });
        fixture.case.risk_policies.push(policy);
        fixture
    }

    #[test]
    fn what_is_demanded_is_the_class_and_never_the_number() {
        // 1 is unacceptable, 2 undesirable, 3 acceptable with a reason, 4 acceptable.
        let (one, two, three, four) =
            (["Severe", "Often"], ["Severe", "Seldom"], ["Slight", "Often"], ["Slight", "Seldom"]);
        let mut fixture = inverted_hazard(one, one);
        fixture.hazard().controls.clear();
        assert_eq!(
            fixture.messages("C1"),
            ["H01 has an initial risk of 1, Extreme (Severe x Often) and no additional control."]
        );
        assert_eq!(
            fixture.messages("C11"),
            [
                "H01 has a residual risk of 1, Extreme (Severe x Often), and no risk-benefit analysis is recorded."
            ]
        );
        let fired = |initial, residual, check: &str| {
            let mut fixture = inverted_hazard(initial, residual);
            fixture.hazard().controls.clear();
            fixture.findings(check).len()
        };
        assert_eq!((fired(two, four, "C1"), fired(three, four, "C1"), fired(four, four, "C1")), (1, 0, 0));
        assert_eq!((fired(three, four, "C18"), fired(four, four, "C18")), (1, 0));
        assert_eq!((fired(one, two, "C10"), fired(one, three, "C10"), fired(one, four, "C10")), (1, 0, 0));
        assert_eq!((fired(one, three, "C13"), fired(one, two, "C13"), fired(one, four, "C13")), (1, 0, 0));
        assert_eq!((fired(one, two, "C11"), fired(one, four, "C11")), (0, 0));
        assert_eq!((fired(one, four, "C7"), fired(two, two, "C7"), fired(three, one, "C7")), (0, 0, 1));
    }

    #[test]
    fn c1_a_3_may_be_accepted_and_a_4_not() {
        let mut fixture = rated(THREE, ONE);
        fixture.hazard().controls.clear();
        fixture.hazard().initial_acceptance = Some(acceptance());
        assert_eq!(fixture.messages("C1"), Vec::<String>::new());
        let because = exempt(&fixture, "C1");
        assert!(because[0].contains("5.1.2") && because[0].contains("impractical"), "{because:?}");

        let mut fixture = rated(FOUR, ONE);
        fixture.hazard().controls.clear();
        fixture.hazard().initial_acceptance = Some(acceptance());
        assert_eq!(fixture.findings("C1").len(), 1);
    }

    #[test]
    fn c18_a_2_needs_a_control_or_a_decision() {
        silent("C18");
        let mut fixture = rated(TWO, ONE);
        fixture.hazard().controls.clear();
        assert_eq!(
            fixture.messages("C18"),
            [
                "H01 has an initial risk of 2, Acceptable if justified (Minor x Medium) and no additional control."
            ]
        );
        assert_eq!(fixture.messages("C1"), Vec::<String>::new());
        fixture.hazard().initial_acceptance = Some(acceptance());
        assert_eq!(fixture.messages("C18"), Vec::<String>::new());
        assert_eq!(exempt(&fixture, "C18").len(), 1);
    }

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
    fn c6_is_what_intake_noticed() {
        fires_on_observation("C6", Kind::MissingFile);
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

    fn undecided(status: Option<&str>, decision: Option<Decision>) -> Fixture {
        Fixture::with(|fixture| {
            fixture.hazard().status = status.map(str::to_owned);
            fixture.hazard().state = HazardState::from_stated(status);
            fixture.hazard().residual_acceptance = None;
            fixture.case.psa[0].discussed[0].decision = decision;
        })
    }

    #[test]
    fn c16_neither_status_nor_decision() {
        let messages = |status, decision| undecided(status, decision).messages("C16");
        assert_eq!(messages(None, None), ["H01 has no status, and no PSA session records a decision on it."]);
        assert_eq!(
            messages(Some("Open"), Some(Decision::Control)),
            ["H01 has the status \"Open\", and the last decision of a PSA session is to control it."]
        );
    }

    #[test]
    fn c16_either_is_enough() {
        for (status, decision) in [
            (Some("Closed"), None),
            (Some("transferred"), None),
            (Some("Accepted"), None),
            (None, Some(Decision::Accept)),
            (Some("Open"), Some(Decision::Transfer)),
        ] {
            assert_eq!(undecided(status, decision).messages("C16"), Vec::<String>::new(), "{status:?}");
        }
        let mut fixture = undecided(some("Open").as_deref(), None);
        assert_eq!(fixture.findings("C16").len(), 1);
        fixture.hazard().residual_acceptance = Some(acceptance());
        assert_eq!(fixture.messages("C16"), Vec::<String>::new());
    }

    #[test]
    fn c17_is_what_intake_noticed() {
        fires_on_observation("C17", Kind::ListLength);
    }
}
