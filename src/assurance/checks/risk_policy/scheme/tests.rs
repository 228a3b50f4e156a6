use crate::assurance::testing::{Fixture, silent};
use crate::case::hazard::{Rating, StatedRisk};
use crate::case::matrix::RiskPolicy;

/// A fixture whose ratings are these, initial and residual of each hazard in turn.
fn rated(ratings: &[(&str, &str, &str)]) -> Fixture {
    Fixture::with(|fixture| {
        let ratings = ratings.iter().map(|(severity, likelihood, risk)| {
            let stated =
                risk.parse().map_or_else(|_| StatedRisk::Words((*risk).to_owned()), StatedRisk::Score);
            Rating::new(Some(severity), Some(likelihood), Some(stated), &RiskPolicy::nhs())
        });
        let hazards = &mut fixture.case.hazard_log.hazards;
        let points = hazards.iter_mut().flat_map(|hazard| [&mut hazard.initial, &mut hazard.residual]);
        points.zip(ratings).for_each(|(point, rating)| *point = rating);
    })
}

#[track_caller]
fn recognised(ratings: &[(&str, &str, &str)], expected: &str) {
    silent("B15");
    let messages = rated(ratings).messages("B15");
    assert_eq!(messages.len(), 1, "{messages:?}");
    let before = "Hazards that should be rated by the NHS clinical risk matrix seem to be rated by ";
    assert_eq!(messages[0], format!("{before}{expected} Nothing was converted."));
}

#[track_caller]
fn unrecognised(ratings: &[(&str, &str, &str)]) {
    assert_eq!(rated(ratings).messages("B15"), Vec::<String>::new());
}

#[test]
fn b15_products_of_numbers_with_their_bands() {
    recognised(
        &[("4", "3", "12 (High)"), ("4", "2", "8 (Medium)"), ("3", "3", "9"), ("5", "1", "5")],
        "products of severity and likelihood, both in numbers. In all 4 ratings severity and likelihood are numbers and the risk is their product: \"4 x 3 = 12 (High)\" (H01 initial, cell I2), \"4 x 2 = 8 (Medium)\" (H01 residual, cell P2), \"3 x 3 = 9\" (H02 initial, cell I3); the bands are called \"High\", \"Medium\".",
    );
}

#[test]
fn b15_products_of_the_policys_own_words() {
    recognised(
        &[("Major", "Medium", "12"), ("Major", "Low", "8"), ("Minor", "Low", "2"), ("Major", "Low", "3")],
        "products of the places of its own words. In 3 of 4 ratings the risk is the place of the severity times that of the likelihood: \"Major x Medium = 12\" (H01 initial, cell I2), \"Major x Low = 8\" (H01 residual, cell P2), \"Minor x Low = 2\" (H02 initial, cell I3).",
    );
}

#[test]
fn b15_npsa_words() {
    recognised(
        &[
            ("Major", "Likely", "4"),
            ("Major", "Rare", "2"),
            ("Moderate", "Possible", "3"),
            ("Minor", "Rare", "1"),
        ],
        "the words of the NPSA matrix (Rare to Almost certain, Negligible to Catastrophic). Its words stand in all 4 ratings: \"Likely\" (H01 initial, cell H2), \"Rare\" (H01 residual, cell O2), \"Possible\" (H02 initial, cell H3).",
    );
}

#[test]
fn b15_dhid_words_of_2009() {
    let messages = rated(&[
        ("Critical", "Moderate", ""),
        ("Major", "Unlikely", ""),
        ("Critical", "Certain", ""),
        ("Minor", "Rare", ""),
    ])
    .messages("B15");
    assert!(messages[0].contains("the words of the 2009 DHID matrix (Rare to Certain, Minor to Critical)"));
}

#[test]
fn b15_numbers_of_which_1_is_the_worst_beside_the_policys_words() {
    let reversed = [
        ("1 - Catastrophic", "3", "Low"),
        ("2 - Major", "4", "Low"),
        ("2", "5", "Low"),
        ("4 - Significant", "5", "Low"),
    ];
    recognised(
        &reversed,
        "numbers 1 to 5 of which 1 is the worst, beside the policy's words, and by risk words such as Low, Moderate and High. The words beside the numbers of the severities say so: \"1 - Catastrophic\" (H01 initial, cell G2), \"2 - Major\" (H01 residual, cell N2), \"4 - Significant\" (H02 residual, cell N3); the words were read, and not the numbers. The risk is stated in such words (Low) in all 4 ratings: \"Low\" (H01 initial, cell I2).",
    );
    assert_eq!(rated(&reversed).messages("B7"), Vec::<String>::new(), "one scheme, and not a slip a cell");
    let slip = [reversed[0], reversed[1], ("4 - Major", "5", "Low"), reversed[3]];
    assert_eq!(rated(&slip).messages("B7"), Vec::<String>::new(), "what agrees with the policy is no slip");
    let odd = [reversed[0], reversed[1], ("5 - Major", "5", "Low"), reversed[3]];
    assert_eq!(rated(&odd).messages("B7").len(), 1, "what the scheme does not explain stays a slip");
}

#[test]
fn b15_numbers_from_nought_beside_the_policys_words() {
    let rating = ("3 - Major", "2 - Medium", "3");
    let fixture = rated(&[rating, rating, ("1 - Significant", "0 - Very Low", "1"), rating]);
    let messages = fixture.messages("B15");
    assert!(
        messages[0].contains("numbers counted from 0, up to 4, beside the policy's words"),
        "{messages:?}"
    );
    assert!(messages[0].contains("of the severities and likelihoods say so"), "{messages:?}");
    assert_eq!(fixture.messages("B7"), Vec::<String>::new());
}

#[test]
fn b15_numbers_that_count_as_the_policy_does_are_no_scheme() {
    let beside = [("4 - Major", "3 - Medium", "3"), ("Major (4)", "2 - Low", "3")];
    for ratings in
        [[beside[0], beside[1], beside[0], beside[1]], [("3 - Considerable", "3 - Medium", "3"); 4]]
    {
        unrecognised(&ratings);
        assert_eq!(rated(&ratings).messages("B7"), Vec::<String>::new());
    }
    let half = [beside[0], ("2 - Major", "3 - Medium", "3"), beside[0], ("2 - Major", "2 - Low", "3")];
    unrecognised(&half);
    assert_eq!(rated(&half).messages("B7").len(), 2, "nobody can say which way half of them count");
}

#[test]
fn b15_products_of_numbers_beside_the_policys_words() {
    let messages = rated(&[
        ("4 - Major", "3 - Medium", "12"),
        ("4 - Major", "2 - Low", "8"),
        ("4 - Major", "3 - Medium", "12"),
        ("4 - Major", "1 - Very Low", "4"),
    ])
    .messages("B15");
    assert!(messages[0].contains("products of severity and likelihood, both in numbers"), "{messages:?}");
    assert!(messages[0].contains("4 - Major x 3 - Medium = 12"), "{messages:?}");
}

#[test]
fn b15_numbers_whose_risk_falls() {
    let by_risk = rated(&[("1", "2", "High"), ("2", "3", "Medium"), ("1", "3", "High"), ("4", "5", "Low")]);
    let messages = by_risk.messages("B15");
    assert!(messages[0].contains("numbers of which 1 is the worst"), "{messages:?}");
    assert!(
        messages[0].contains("Wherever the numbers rise, the stated risk falls or stays"),
        "{messages:?}"
    );
}

#[test]
fn b15_numbers_that_say_no_more() {
    let rising = rated(&[("1", "2", "Low"), ("2", "3", "Medium"), ("1", "3", "Low"), ("4", "5", "High")]);
    assert!(rising.messages("B15")[0].contains("numbers in place of words"));
}

#[test]
fn b15_likelihoods_in_percent() {
    for likelihoods in [["50%", "5 %", "50%", "<1%"], ["0.5", "0.05", "0.5", "0.01"]] {
        let messages = rated(&likelihoods.map(|likelihood| ("Major", likelihood, "3"))).messages("B15");
        assert!(messages[0].contains("likelihoods in percent"), "{messages:?}");
    }
    unrecognised(&[("Major", "1", "3"), ("Major", "Low", "3"), ("Major", "Low", "3"), ("Major", "50%", "3")]);
}

#[test]
fn b15_risk_numbers_that_only_a_product_gives() {
    let messages = rated(&["12 (High)", "8 (Medium)", "3", "15"].map(|risk| ("Severe", "Possible", risk)))
        .messages("B15");
    assert!(messages[0].contains("risk numbers up to 25"), "{messages:?}");
    assert!(messages[0].contains("In 3 of 4 ratings"), "{messages:?}");
    unrecognised(&[("Severe", "Possible", "7"); 4]);
    unrecognised(&[("Severe", "Possible", "4"); 4]);
}

#[test]
fn b15_exchanged_columns() {
    let fixture = rated(&[
        ("Medium", "Major", "3"),
        ("Low", "Major", "3"),
        ("Low", "Minor", "1"),
        ("Low", "Minor", "1"),
    ]);
    let finding = &fixture.findings("B15")[0];
    assert!(finding.message.contains("severity and likelihood exchanged"), "{}", finding.message);
    assert!(finding.remedy.contains("headers"), "{}", finding.remedy);
    assert_eq!(fixture.findings("B3").len(), 8, "nothing is lost");
}

#[test]
fn b15_risk_words() {
    let risks = |words: [&'static str; 4]| {
        rated(&words.map(|word| ("Major", "Low", word)))
            .messages("B15")
            .into_iter()
            .next()
            .unwrap_or_default()
    };
    assert!(risks(["Moderate", "High", "Low", "Unacceptable"]).contains("Low, Moderate and High"));
    assert!(
        risks(["Tolerable", "Acceptable", "tolerable", "Acceptable"])
            .contains("the risk words Acceptable and Tolerable")
    );
    assert_eq!(risks(["Acceptable", "Unacceptable", "Undesirable", "Undesirable"]), "", "the policy's own");
    assert_eq!(risks(["3 - Medium", "3 - Medium", "3", "3"]), "", "the number is the policy's");
    assert_eq!(risks(["Medium", "3", "3", "3"]), "", "a slip is no scheme");
}

#[test]
fn b15_slips_and_wrong_scores_are_no_scheme() {
    unrecognised(&[
        ("Serious", "Low", "3"),
        ("Major", "Likely", "3"),
        ("Major", "Low", "3"),
        ("Major", "Low", "3"),
    ]);
    unrecognised(&[
        ("Minor", "Medium", "3"),
        ("Minor", "Low", "2"),
        ("Major", "Low", "3"),
        ("Minor", "Low", "2"),
    ]);
    unrecognised(&[("", "", ""), ("", "", ""), ("", "", ""), ("", "", "")]);
}
