//! The words of ratings, in the log and in the records of sessions, against those of the risk policy.

use super::Point;
use crate::assurance::LogSubject;
use crate::assurance::check::{Examined, Hit, Outcome};
use crate::case::hazard::StatedRisk;
use crate::case::matrix::RiskPolicy;

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
    let policy = subject.policy;
    for hazard in &subject.log.hazards {
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
                && stated_score(words, policy).is_none()
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
    let policy = &examined.subject.case.risk_policy;
    for session in &examined.subject.case.psa {
        for discussion in &session.discussed {
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

/// The score that words state: `3`, `3 - Undesirable`, or the policy's word for it.
pub(super) fn stated_score(words: &str, policy: &RiskPolicy) -> Option<u8> {
    let words = words.trim();
    let digits: String = words.chars().take_while(char::is_ascii_digit).collect();
    let named = || {
        policy
            .acceptability
            .iter()
            .find(|entry| entry.word.eq_ignore_ascii_case(words))
            .map(|entry| entry.risk)
    };
    digits.parse().ok().or_else(named)
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, fires};
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
}
