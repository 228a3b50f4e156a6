//! Criteria that the log prints beside its matrix: a score, and what is to be said of it.

use super::{CONDITIONS, Criterion, Scores, Token, Verdict, contradiction_of_all, tokens, with_thresholds};
use crate::assurance::LogSubject;
use crate::assurance::check::{Hit, Outcome};
use crate::case::excerpt::excerpt;
use crate::case::hazard_log::StatedCriterion;

/// What stands beside the scores on the log's own matrix sheet. There is no sentence to doubt: a score, and how the
/// text beside it begins.
pub(in super::super) fn contradicted(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let Some(matrix) = &subject.log.matrix else { return };
    let policies = super::super::judging(subject);
    for (number, StatedCriterion { scores: stated, says }) in (1..).zip(&matrix.criteria) {
        let criterion = scores(stated).zip(verdict(says));
        let criterion = criterion.map(|(scores, verdict)| Criterion { scores, verdict });
        if let Some(wrong) = criterion.and_then(|criterion| contradiction_of_all(&criterion, &policies)) {
            let message = format!(
                "The matrix in the log says of a risk of {stated} \"{}\", but {wrong}.",
                excerpt(says)
            );
            outcome.hit(Hit::at(format!("hazard_log/matrix/criteria/{number}"), message));
        }
    }
}

/// The scores that a cell names: `4`, `1 - 3`, `> 12`.
fn scores(text: &str) -> Option<Scores> {
    match &with_thresholds(&tokens(text))[..] {
        [Token::Number(number)] => Some(Scores::Between(*number, *number)),
        [Token::Threshold(scores)] => Some(*scores),
        _ => None,
    }
}

/// What the beginning of a text makes of a risk: `Acceptable, no further action`, `The risk is acceptable where ...`.
fn verdict(text: &str) -> Option<Verdict> {
    const FIRST_WORDS: usize = 6;
    let tokens = tokens(text);
    let words: Vec<&str> = tokens
        .iter()
        .filter_map(|token| if let Token::Word(word) = token { Some(word.as_str()) } else { None })
        .collect();
    let is_conditional =
        words.iter().any(|word| CONDITIONS.contains(word) && *word != "no") || says_cost(&words);
    let (at, word) = words.iter().take(FIRST_WORDS).enumerate().find(|(_, word)| {
        matches!(
            **word,
            "acceptable" | "tolerable" | "unacceptable" | "intolerable" | "undesirable" | "mandatory"
        )
    })?;
    let is_denied = words[..at].iter().any(|word| matches!(*word, "not" | "no" | "never"));
    match *word {
        "acceptable" | "tolerable" if is_denied => Some(Verdict::Unacceptable),
        _ if is_denied => None,
        "unacceptable" | "intolerable" | "mandatory" => Some(Verdict::Unacceptable),
        "undesirable" => Some(Verdict::Undesirable),
        "acceptable" if !is_conditional => Some(Verdict::Acceptable),
        _ => Some(Verdict::Tolerable),
    }
}

fn says_cost(words: &[&str]) -> bool {
    words.iter().any(|word| matches!(*word, "cost" | "costs" | "outweighs" | "outweigh" | "reasonably"))
}

#[cfg(test)]
mod tests {
    use super::{Verdict, verdict};
    use crate::assurance::testing::{Fixture, fires, inverted};
    use crate::case::hazard::Rating;
    use crate::case::hazard_log::{StatedCriterion, StatedMatrix};
    use crate::case::matrix::RiskPolicy;

    /// A log that prints no matrix, and these criteria.
    fn printing(criteria: &[(&str, &str)]) -> impl Fn(&mut Fixture) + use<> {
        let criteria: Vec<StatedCriterion> = criteria
            .iter()
            .map(|(scores, says)| StatedCriterion { scores: (*scores).to_owned(), says: (*says).to_owned() })
            .collect();
        move |fixture| {
            fixture.case.hazard_log.matrix =
                Some(StatedMatrix { cells: Vec::new(), criteria: criteria.clone() });
        }
    }

    #[test]
    fn b9_the_matrix_sheet_says_another_thing_of_a_score() {
        fires(
            "B9",
            printing(&[("3", "Acceptable, no further action required")]),
            "The matrix in the log says of a risk of 3 \"Acceptable, no further action required\", but a risk of 3 is \"Undesirable\" in the NHS clinical risk matrix.",
        );
        let messages = Fixture::with(printing(&[("8 - 12", "Tolerable with care"), ("> 2", "Intolerable")]))
            .messages("B9");
        assert!(messages[0].contains("no risk of the NHS clinical risk matrix is 8 to 12"), "{messages:?}");
        assert_eq!(messages.len(), 1, "3 and above is to be reduced, and two of them are intolerable");
    }

    #[test]
    fn b9_is_silent_on_the_published_criteria_and_on_the_policys_own() {
        let published = [
            ("5", "Unacceptable level of risk"),
            (
                "4",
                "Mandatory elimination of hazard or addition of control measure to reduce risk to an acceptable level",
            ),
            (
                "3",
                "Undesirable level of risk. Attempts should be made to eliminate the hazard. Shall only be acceptable when further risk reduction is impractical",
            ),
            (
                "2",
                "Acceptable where cost of further reduction outweighs benefits gained or where further risk reduction is impractical",
            ),
            ("1", "Acceptable, no further action required"),
        ];
        assert_eq!(Fixture::with(printing(&published)).messages("B9"), Vec::<String>::new());
        for entry in RiskPolicy::nhs().acceptability {
            for text in [entry.word, entry.meaning] {
                let own = printing(&[(&entry.risk.to_string(), &text)]);
                assert_eq!(Fixture::with(own).messages("B9"), Vec::<String>::new(), "{text}");
            }
        }
    }

    #[test]
    fn b9_the_criteria_may_be_those_of_another_policy_of_the_case() {
        let own = printing(&[("4", "Acceptable")]);
        let mut fixture = Fixture::with(|fixture| {
            own(fixture);
            fixture.case.risk_policies.push(inverted());
        });
        assert_eq!(fixture.messages("B9").len(), 1, "no hazard is rated by it");
        fixture.hazard().initial = Rating::new(Some("Severe"), Some("Seldom"), None, &inverted());
        assert_eq!(fixture.messages("B9"), Vec::<String>::new());
    }

    #[test]
    fn a_verdict_stands_at_the_beginning() {
        assert_eq!(verdict("The risk is not acceptable."), Some(Verdict::Unacceptable));
        assert_eq!(verdict("Tolerable if ALARP"), Some(Verdict::Tolerable));
        for text in
            ["Death of one patient", "The hazard must be eliminated until the risk is acceptable.", "1 - 3"]
        {
            assert_eq!(verdict(text), None, "{text}");
        }
    }
}
