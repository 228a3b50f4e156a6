//! C: controls. Is something done about every risk that has to be reduced, and is what is said of it there?

use crate::assurance::check::{Check, Examined, Exempt, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Information, Warning};
use crate::case::hazard::Rating;
use crate::case::matrix::RiskClass;
use crate::case::observation::ObservationKind as Kind;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C1",
        level: Blocking,
        clause: Some("6.1.1"),
        title: "Initial risk that has to be reduced, without a control",
        why: "A risk that the policy calls undesirable or worse (NHS 3 to 5) has to be reduced; without a further control it stays as the analysis found it.",
        remedy: "Find and record additional controls. An undesirable initial risk may also stand as it is where somebody decided so: record who, when and why. An unacceptable one may not.",
        exempt: Some(Exempt::Acceptable),
        how: Some("`initial_acceptance` of the hazard, in supplement.toml"),
        runs: &[Run::Case(|examined, outcome| {
            uncontrolled(examined, outcome, &[RiskClass::Undesirable, RiskClass::Unacceptable]);
        })],
        ..Check::DEFAULT
    },
    Check {
        id: "C6",
        level: Blocking,
        clause: Some("6.3.2, 3.1.3"),
        title: "Evidence that is not there",
        why: "A control is shown to work by a document that somebody can open; a file that does not exist shows nothing.",
        remedy: "Put the file into the case folder, or correct its name in the evidence.",
        how: Some("`file` of the evidence, in evidence.toml"),
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::MissingFile]))],
        ..Check::DEFAULT
    },
    Check {
        id: "C17",
        level: Information,
        clause: Some("6.1.1"),
        title: "Lists of different length",
        why: "Where causes and controls are numbered alike, equal numbers seem to belong together; lists of different length leave some without a partner.",
        remedy: "Say in the log which control answers which cause, or record the links beside it.",
        how: Some("`[[link]]` in supplement.toml"),
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::ListLength]))],
        ..Check::DEFAULT
    },
    Check {
        id: "C18",
        level: Warning,
        clause: Some("6.1.1, 5.1.2"),
        title: "Initial risk with neither control nor acceptance",
        why: "Only the lowest risks are acceptable of themselves (NHS 1); at the next (NHS 2) either something is done, or somebody decides that nothing need be.",
        remedy: "Record additional controls; or who accepted the risk, when and why.",
        exempt: Some(Exempt::Acceptable),
        how: Some("`initial_acceptance` of the hazard, in supplement.toml"),
        runs: &[Run::Case(|examined, outcome| {
            uncontrolled(examined, outcome, &[RiskClass::AcceptableWithReason]);
        })],
        ..Check::DEFAULT
    },
];

/// The risk of a rating, where it is of one of these classes.
pub(super) fn risk_of(rating: &Rating, classes: &[RiskClass]) -> Option<u8> {
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, acceptance, fires_on_observation, inverted, silent};
    use crate::case::matrix::RiskPolicy;

    /// A first hazard with these two ratings, which nobody has accepted.
    pub fn rated(initial: [&str; 2], residual: [&str; 2]) -> Fixture {
        let rating = |[severity, likelihood]: [&str; 2]| {
            crate::case::hazard::Rating::new(Some(severity), Some(likelihood), None, &RiskPolicy::nhs())
        };
        Fixture::with(|fixture| {
            fixture.hazard().initial = rating(initial);
            fixture.hazard().residual = rating(residual);
            fixture.hazard().residual_acceptance = None;
        })
    }

    pub const ONE: [&str; 2] = ["Minor", "Low"];

    pub const TWO: [&str; 2] = ["Minor", "Medium"];

    pub const THREE: [&str; 2] = ["Major", "Medium"];

    pub const FOUR: [&str; 2] = ["Major", "High"];

    pub fn exempt(fixture: &Fixture, check: &str) -> Vec<String> {
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
    fn c6_is_what_intake_noticed() {
        fires_on_observation("C6", Kind::MissingFile);
    }

    #[test]
    fn c17_is_what_intake_noticed() {
        fires_on_observation("C17", Kind::ListLength);
    }
}
