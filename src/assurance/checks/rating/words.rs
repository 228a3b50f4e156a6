//! The words of ratings, in the log and in the records of sessions, against those of the risk policy.

use super::super::risk_policy::{Axis, Numbered};
use super::Point;
use crate::assurance::LogSubject;
use crate::assurance::check::{Examined, Hit, Outcome};
use crate::case::folding::fold;
use crate::case::hazard::StatedRisk;
use crate::case::matrix::RiskPolicy;
use std::collections::HashMap;

/// The words of a severity and a likelihood that the policy does not have, each with what it is a word of.
fn unknown<'a>(
    policy: &RiskPolicy,
    severity: Option<&'a str>,
    likelihood: Option<&'a str>,
) -> impl Iterator<Item = (&'static str, &'a str)> {
    let severity = severity.filter(|word| policy.severity_word(word).is_none());
    let likelihood = likelihood.filter(|word| policy.likelihood_word(word).is_none());
    let severity = severity.map(|word| ("severity", word));
    severity.into_iter().chain(likelihood.map(|word| ("likelihood", word)))
}

pub(super) fn of_log(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let policy = subject.policy_of(hazard);
        for point in Point::BOTH {
            let rating = point.of(hazard);
            for (field, word) in unknown(policy, rating.severity.as_deref(), rating.likelihood.as_deref()) {
                let message = format!(
                    "The {} {field} of {} is \"{word}\", which is no {field} of the {}.",
                    point.word(),
                    hazard.key,
                    policy.title
                );
                outcome.hit(point.hit(hazard, field, message));
            }
            if let Some(StatedRisk::Words(words)) = &rating.stated_risk
                // A formula that failed says nothing in any words; A14 has it.
                && !words.starts_with('#')
                && stated_scores(words, policy).is_empty()
            {
                let message = format!(
                    "The {} risk of {} is stated as \"{words}\", which is no risk of the {}.",
                    point.word(),
                    hazard.key,
                    policy.title
                );
                outcome.hit(point.hit(hazard, "risk", message));
            }
        }
    }
}

pub(super) fn of_sessions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let policies: HashMap<&str, &RiskPolicy> =
        case.hazard_log.hazards.iter().map(|hazard| (hazard.key.as_str(), case.policy_of(hazard))).collect();
    for session in &case.psa {
        for discussion in &session.discussed {
            // A hazard that the log does not have is E6's; its words are judged by the main policy.
            let policy = policies.get(discussion.hazard.as_str()).copied().unwrap_or(&case.risk_policy);
            let ratings = [("before", &discussion.before), ("after", &discussion.after)];
            for (when, rating) in ratings {
                let Some(rating) = rating else { continue };
                for (field, word) in unknown(policy, Some(&rating.severity), Some(&rating.likelihood)) {
                    let message = format!(
                        "PSA session {} gives {} the {field} \"{word}\" {when} control, which is no {field} of the {}.",
                        session.id, discussion.hazard, policy.title
                    );
                    let path = format!("psa/{}/discussed/{}", session.id, discussion.hazard);
                    outcome.hit(Hit::at(path, message));
                }
            }
        }
    }
}

/// Severities and likelihoods that are stated as a word and as the number of another: `2 - Medium`. Where most
/// numbers of the log count otherwise than the policy does, that is a scheme, and B15's to say.
pub(super) fn word_and_number(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for policy in subject.policies_in_use() {
        for axis in Axis::BOTH {
            let counting = axis.counting(subject, policy);
            let hazards =
                subject.log.hazards.iter().filter(|hazard| subject.policy_of(hazard).id == policy.id);
            for (hazard, point) in hazards.flat_map(|hazard| Point::BOTH.map(|point| (hazard, point))) {
                let Some(numbered) = axis.numbered(point.of(hazard), policy) else { continue };
                let Numbered { stated, number, word, place } = numbered;
                if number == place || counting.is_some_and(|counting| counting.is_of(axis, &numbered, policy))
                {
                    continue;
                }
                let message = format!(
                    "The {} {} of {} is stated as \"{stated}\", and {word} is {place} of the {}, counted from the lowest; {word} was read.",
                    point.word(),
                    axis.field(),
                    hazard.key,
                    axis.plural()
                );
                outcome.hit(point.hit(hazard, axis.field(), message));
            }
        }
    }
}

/// Risks that are stated as a score and as the policy's word for another: `2 - Undesirable`.
pub(super) fn risk_in_two_forms(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let policy = subject.policy_of(hazard);
        for point in Point::BOTH {
            let Some(StatedRisk::Words(words)) = &point.of(hazard).stated_risk else { continue };
            let [score] = stated_scores(words, policy)[..] else { continue };
            let word = words.trim_matches(|c: char| !c.is_alphabetic());
            // A word may stand for several scores.
            let meant = stated_scores(word, policy);
            let Some(first) = meant.first().filter(|_| !meant.contains(&score)) else { continue };
            let message = format!(
                "The {} risk of {} is stated as \"{words}\"; {word} is {first} in the {}.",
                point.word(),
                hazard.key,
                policy.title
            );
            outcome.hit(point.hit(hazard, "risk", message));
        }
    }
}

/// The scores that words may state: the number that they begin with (`3`, `3 - Undesirable`), else every score
/// that the policy calls so. A policy may call several scores alike; then the words do not tell them apart.
pub(in crate::assurance::checks) fn stated_scores(words: &str, policy: &RiskPolicy) -> Vec<u8> {
    let words = words.trim();
    let digits: String = words.chars().take_while(char::is_ascii_digit).collect();
    if let Ok(score) = digits.parse() {
        return vec![score];
    }
    let named = policy.acceptability.iter().filter(|entry| fold(&entry.word) == fold(words));
    named.map(|entry| entry.risk).collect()
}

#[cfg(test)]
mod tests {
    use super::stated_scores;
    use crate::assurance::testing::{Fixture, fires, inverted};
    use crate::case::hazard::{HazardRating, Rating, StatedRisk};
    use crate::case::matrix::RiskPolicy;

    #[test]
    fn b3_words_of_another_matrix() {
        let spoil = |fixture: &mut Fixture| {
            fixture.hazard().initial = Rating::new(Some("Serious"), Some(" low"), None, &RiskPolicy::nhs());
        };
        fires(
            "B3",
            spoil,
            "The initial severity of H01 is \"Serious\", which is no severity of the NHS clinical risk matrix.",
        );
    }

    #[test]
    fn b3_a_stated_risk_that_is_none() {
        let spoil = |fixture: &mut Fixture| {
            fixture.hazard().residual.stated_risk = Some(StatedRisk::Words("Amber".to_owned()));
        };
        fires(
            "B3",
            spoil,
            "The residual risk of H01 is stated as \"Amber\", which is no risk of the NHS clinical risk matrix.",
        );
    }

    #[test]
    fn b7_a_risk_as_a_score_and_another_word() {
        let stated = |words: &str| {
            Fixture::with(|fixture| {
                fixture.hazard().residual.stated_risk = Some(StatedRisk::Words(words.to_owned()));
            })
            .messages("B7")
        };
        assert_eq!(
            stated("2 - Undesirable"),
            [
                "The residual risk of H01 is stated as \"2 - Undesirable\"; Undesirable is 3 in the NHS clinical risk matrix."
            ]
        );
        for words in ["3 - Undesirable", "3", "Undesirable", "3 - Amber"] {
            assert_eq!(stated(words), Vec::<String>::new(), "{words}");
        }
    }

    #[test]
    fn b3_words_of_a_session() {
        let rating = |severity: &str, likelihood: &str| {
            Some(HazardRating { severity: severity.to_owned(), likelihood: likelihood.to_owned() })
        };
        let fixture = Fixture::with(|fixture| {
            let discussion = &mut fixture.case.psa[0].discussed[0];
            (discussion.before, discussion.after) = (rating("Serious", "medium "), rating("Major", "Rare"));
        });
        assert_eq!(
            fixture.messages("B3"),
            [
                "PSA session PSA-1 gives H01 the severity \"Serious\" before control, which is no severity of the NHS clinical risk matrix.",
                "PSA session PSA-1 gives H01 the likelihood \"Rare\" after control, which is no likelihood of the NHS clinical risk matrix.",
            ]
        );
        let places: Vec<_> =
            fixture.findings("B3").into_iter().filter_map(|finding| finding.source).collect();
        assert_eq!(places.iter().map(|place| place.file.as_str()).collect::<Vec<_>>(), ["psa/1.toml"; 2]);
    }

    #[test]
    fn words_are_those_of_the_hazards_own_matrix() {
        let own = |severity: &str, likelihood: &str| {
            Fixture::with(|fixture| {
                let policy = inverted();
                let rating = Rating::new(Some(severity), Some(likelihood), None, &policy);
                (fixture.hazard().initial, fixture.hazard().residual) = (rating.clone(), rating);
                let agreed = HazardRating { severity: "Severe".to_owned(), likelihood: "Low".to_owned() };
                fixture.case.psa[0].discussed[0].after = Some(agreed);
                fixture.case.risk_policies.push(policy);
            })
            .messages("B3")
        };
        let of_the_session = "PSA session PSA-1 gives H01 the likelihood \"Low\" after control, which is no likelihood of the Inverted matrix.";
        assert_eq!(own("severe", "OFTEN"), [of_the_session]);
        assert_eq!(
            own("Major", "Often"),
            [
                of_the_session,
                "The initial severity of H01 is \"Major\", which is no severity of the Inverted matrix.",
                "The residual severity of H01 is \"Major\", which is no severity of the Inverted matrix.",
            ]
        );
    }

    #[test]
    fn a_word_of_several_scores_states_any_of_them() {
        let mut policy = RiskPolicy::nhs();
        policy.acceptability[3].word = "Unacceptable".to_owned();
        assert_eq!(stated_scores(" unacceptable ", &policy), [4, 5]);
        assert_eq!(stated_scores("12 - High", &policy), [12]);
        assert_eq!(stated_scores("Tolerable", &policy), Vec::<u8>::new());
    }
}
