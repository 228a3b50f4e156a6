use crate::assurance::testing::{Fixture, fires, inverted, some};
use crate::case::hazard::Rating;

fn saying(text: &str) -> impl FnOnce(&mut Fixture) + use<> {
    let text = text.to_owned();
    move |fixture| drop(fixture.case.narrative.insert("clinical-risk-evaluation".to_owned(), text))
}

#[test]
fn b9_another_threshold_than_the_policys() {
    fires(
        "B9",
        saying("We used a matrix. Residual risks of 3 or below are acceptable."),
        "\"Residual risks of 3 or below are acceptable\" stands in the narrative section \"clinical-risk-evaluation\", but a risk of 3 is \"Undesirable\" in the NHS clinical risk matrix.",
    );
    fires(
        "B9",
        saying("Risk is **acceptable** (<= 6)."),
        "\"Risk is **acceptable** (<= 6)\" stands in the narrative section \"clinical-risk-evaluation\", but a risk of 3 is \"Undesirable\" in the NHS clinical risk matrix.",
    );
    fires(
        "B9",
        |fixture| fixture.case.hazard_log.notes.push("Risks scored above 14 are unacceptable".to_owned()),
        "\"Risks scored above 14 are unacceptable\" stands in the hazard log's notes, but no risk of the NHS clinical risk matrix is 15 or above.",
    );
}

#[test]
fn b9_contradictions_are_found_in_many_wordings() {
    for text in [
        "Risk scores up to 4 are tolerable.",
        "Any risk of 2 or more is not acceptable.",
        "Risk ratings: 1-4 acceptable, 5-6 tolerable, 7-25 unacceptable",
        "A residual risk lower than 4 is considered acceptable by the project.",
        "Risks rated 1 to 3 are acceptable and those rated 4 to 5 are unacceptable.",
        "Risks no higher than 3 are acceptable.",
    ] {
        assert!(!Fixture::with(saying(text)).messages("B9").is_empty(), "{text}");
    }
}

#[test]
fn b9_what_agrees_or_says_more_is_left_alone() {
    for text in [
        "Risks of 1 or below are acceptable.",
        "Risks of 2 or below are acceptable; risks of 4 and above are unacceptable.",
        "Risks of 3 or below are acceptable where further reduction is impractical.",
        "Only risks of 3 or below are acceptable.",
        "All residual risks are 3 or below and are acceptable to the Clinical Safety Officer.",
        "After control the risks are rated at 3 or below, which is acceptable.",
        "Hazards of a severity of 3 or below are an acceptable risk.",
        "No risk above 2 is acceptable.",
        "Risks not above 3 are acceptable.",
        "The acceptable level of risk is no higher than 3.",
        "Response times of up to 5 seconds are acceptable.",
        "Section 5.1.2 says which risks are acceptable, and 6.1 or below what follows.",
        "Of 12 risks 3 are acceptable.",
        "A risk of 4 or 5 is not acceptable.",
    ] {
        assert_eq!(Fixture::with(saying(text)).messages("B9"), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn b9_the_numbers_of_a_criterion_are_those_of_the_matrix_in_use() {
    let own = |text: &str| {
        Fixture::with(|fixture| {
            saying(text)(fixture);
            fixture.case.risk_policy = inverted();
            for hazard in &mut fixture.case.hazard_log.hazards {
                hazard.initial = Rating::new(Some("Severe"), Some("Seldom"), None, &inverted());
                hazard.residual = Rating::new(Some("Slight"), Some("Seldom"), None, &inverted());
                hazard.notes = some("Risks of 2 or below are acceptable");
            }
        })
        .messages("B9")
    };
    assert_eq!(own("Risks of 3 or above are acceptable."), Vec::<String>::new());
    assert_eq!(
        own("Risks of 2 or below are acceptable."),
        [
            "\"Risks of 2 or below are acceptable\" stands in the narrative section \"clinical-risk-evaluation\", but a risk of 2 is \"High\" in the Inverted matrix."
        ]
    );
}

#[test]
fn b9_one_of_several_policies_may_be_meant() {
    let fixture = Fixture::with(|fixture| {
        saying("Risks of 3 or above are unacceptable.")(fixture);
        fixture.case.risk_policies.push(inverted());
        fixture.hazard().initial = Rating::new(Some("Severe"), Some("Seldom"), None, &inverted());
    });
    assert_eq!(fixture.messages("B9"), Vec::<String>::new());
}
