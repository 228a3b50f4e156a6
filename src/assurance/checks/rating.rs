//! B: ratings. Is each hazard rated in the words of the risk policy, and is the stated risk the one that the
//! matrix gives?

mod words;

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Exempt, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::hazard::{Hazard, Rating, StatedRisk};
use crate::case::observation::ObservationKind as Kind;
use crate::case::person::Person;
pub(super) use words::stated_scores;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "B2",
        level: Blocking,
        clause: Some("4.4.1"),
        title: "Rating missing",
        why: "A hazard without a severity and a likelihood has no risk, so nobody can say whether it is acceptable.",
        remedy: "Rate the hazard at a PSA session and record the severity and the likelihood in the log.",
        exempt: Some(Exempt::Acceptable),
        never_waived: true,
        runs: &[Run::Log(missing_ratings)],
        ..Check::DEFAULT
    },
    Check {
        id: "B3",
        level: Blocking,
        clause: Some("4.4.1, 3.2.1"),
        title: "Rating in words that the risk policy does not have",
        why: "Only the policy's own words have a place in its matrix; any other leaves the risk unknown.",
        remedy: "Use one of the policy's words; or give the case the policy that the log was made with.",
        never_waived: true,
        runs: &[Run::Log(words::of_log), Run::Case(words::of_sessions)],
        ..Check::DEFAULT
    },
    Check {
        id: "B4",
        level: Blocking,
        clause: Some("4.4.1"),
        title: "Stated initial risk differs from the matrix",
        why: "A wrong initial risk decides wrongly whether the hazard needs controls at all.",
        remedy: "Correct the risk in the log, or the severity or likelihood if the risk is what was meant.",
        runs: &[Run::Log(|subject, outcome| stated_risks(subject, outcome, Point::Initial))],
        ..Check::DEFAULT
    },
    Check {
        id: "B5",
        level: Blocking,
        clause: Some("6.1.4"),
        title: "Stated residual risk differs from the matrix",
        why: "A wrong residual risk is accepted, or refused, in place of the one that the patient is exposed to.",
        remedy: "Correct the risk in the log, or the severity or likelihood if the risk is what was meant.",
        runs: &[Run::Log(|subject, outcome| stated_risks(subject, outcome, Point::Residual))],
        ..Check::DEFAULT
    },
    Check {
        id: "B6",
        level: Warning,
        clause: Some("4.4.1, 6.1.4"),
        title: "Risk formula that reads other cells",
        why: "A formula that reads another column gives a wrong risk sooner or later, even where its value happens to be right today.",
        remedy: "Let the formula read the severity and the likelihood of its own rating.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::FormulaReadsOtherCells]))],
        ..Check::DEFAULT
    },
    Check {
        id: "B7",
        level: Warning,
        clause: Some("4.4.1"),
        title: "Two forms of one score that disagree",
        why: "Where the number says one level and the word another, two readers can take the same rating for two different risks.",
        remedy: "Decide which was meant, and write the matrix's word alone.",
        runs: &[Run::Log(words::word_and_number), Run::Log(words::risk_in_two_forms)],
        ..Check::DEFAULT
    },
    Check {
        id: "B14",
        level: Blocking,
        clause: Some("4.4.1"),
        title: "Rows of one hazard rated differently",
        why: "A hazard has one rating; where its rows give several, the report can print only one of them, and it may not be the one that was agreed.",
        remedy: "Agree one rating for the hazard, and write it in each of its rows or in the first alone.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::RatingsDisagree]))],
        ..Check::DEFAULT
    },
];

/// The two points at which a hazard is rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Initial,
    Residual,
}

impl Point {
    const BOTH: [Self; 2] = [Self::Initial, Self::Residual];

    fn word(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Residual => "residual",
        }
    }

    fn of(self, hazard: &Hazard) -> &Rating {
        match self {
            Self::Initial => &hazard.initial,
            Self::Residual => &hazard.residual,
        }
    }

    fn hit(self, hazard: &Hazard, field: &str, message: String) -> Hit {
        Hit::hazard(&hazard.key, &format!("{}/{field}", self.word()), message)
    }
}

fn missing_ratings(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let hazards = &subject.log.hazards;
    let unscored = hazards.iter().all(|hazard| hazard.initial.is_blank() && hazard.residual.is_blank());
    if unscored && !hazards.is_empty() {
        let message = match hazards.len() {
            1 => "The only hazard of the log has no rating.".to_owned(),
            count => format!("None of the {count} hazards of the log has a rating."),
        };
        outcome.hit(Hit::at("hazard_log", message).of_hazards(hazards).remedy(
            "If this is a log to adopt, such as one that another organisation issued without ratings, rate each hazard for your own system.",
        ));
        return;
    }
    for hazard in hazards {
        for point in Point::BOTH {
            missing_rating(subject.people, hazard, point, outcome);
        }
    }
}

fn missing_rating(people: &[Person], hazard: &Hazard, point: Point, outcome: &mut Outcome) {
    let rating = point.of(hazard);
    if rating.severity.is_some() && rating.likelihood.is_some() {
        return;
    }
    if point == Point::Residual
        && rating.is_blank()
        && super::is_exempt(people, hazard, outcome, "no residual rating is needed")
    {
        return;
    }
    let word = point.word();
    let (field, message) = match (&rating.severity, &rating.likelihood) {
        (None, None) => {
            ("severity", format!("{} has no {word} severity and no {word} likelihood.", hazard.key))
        }
        (None, _) => ("severity", format!("{} has no {word} severity.", hazard.key)),
        _ => ("likelihood", format!("{} has no {word} likelihood.", hazard.key)),
    };
    outcome.hit(point.hit(hazard, field, message));
}

fn stated_risks(subject: &LogSubject<'_>, outcome: &mut Outcome, point: Point) {
    for hazard in &subject.log.hazards {
        let (rating, policy) = (point.of(hazard), subject.policy_of(hazard));
        let (stated, words) = match &rating.stated_risk {
            Some(StatedRisk::Score(score)) => (vec![*score], score.to_string()),
            Some(StatedRisk::Words(words)) => (stated_scores(words, policy), format!("\"{words}\"")),
            None => continue,
        };
        let Some(risk) = rating.risk else { continue };
        if !stated.is_empty() && !stated.contains(&risk) {
            let message = format!(
                "The {} risk of {} is stated as {words}; {} is {risk} in the {}.",
                point.word(),
                hazard.key,
                super::severity_by_likelihood(rating),
                policy.title
            );
            outcome.hit(point.hit(hazard, "risk", message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, date, fires, fires_on_observation, rating, silent};
    use crate::case::hazard::Acceptance;

    #[test]
    fn b2_each_rating_that_lacks_something() {
        silent("B2");
        let fixture = Fixture::with(|fixture| {
            fixture.hazard().initial.likelihood = None;
            fixture.hazard().residual = Rating::default();
        });
        assert_eq!(
            fixture.messages("B2"),
            ["H01 has no initial likelihood.", "H01 has no residual severity and no residual likelihood."]
        );
    }

    #[test]
    fn b2_a_log_without_any_rating_is_one_finding() {
        let fixture = Fixture::with(|fixture| {
            for hazard in &mut fixture.case.hazard_log.hazards {
                (hazard.initial, hazard.residual) = (Rating::default(), Rating::default());
            }
        });
        assert_eq!(fixture.messages("B2"), ["None of the 2 hazards of the log has a rating."]);
        assert!(fixture.findings("B2")[0].remedy.contains("log to adopt"));
    }

    #[test]
    fn b2_says_where_5_1_2_needs_no_residual_rating() {
        let mut fixture = Fixture::with(|fixture| {
            fixture.hazard().initial = rating("Minor", "Low", 1);
            fixture.hazard().residual = Rating::default();
        });
        assert_eq!(fixture.messages("B2"), Vec::<String>::new());
        let exempt = crate::assurance::assure(&fixture.subject()).not_applicable;
        assert_eq!((exempt[0].check, exempt[0].hazard.as_str()), ("B2", "H01"));

        fixture.hazard().initial = rating("Minor", "Medium", 2);
        assert_eq!(fixture.findings("B2").len(), 1, "a 2 is not acceptable of itself");
        let decided = Acceptance { by: "cso".to_owned(), on: date("2026-08-20"), reason: "rare".to_owned() };
        fixture.hazard().initial_acceptance = Some(decided);
        assert_eq!(fixture.messages("B2"), Vec::<String>::new());
    }

    #[test]
    fn b4_stated_initial_risk() {
        let spoil = |fixture: &mut Fixture| fixture.hazard().initial = rating("Major", "Medium", 4);
        fires(
            "B4",
            spoil,
            "The initial risk of H01 is stated as 4; Major x Medium is 3 in the NHS clinical risk matrix.",
        );
    }

    #[test]
    fn b5_stated_residual_risk_at_its_cell() {
        let spoil = |fixture: &mut Fixture| fixture.hazard().residual = rating("Significant", "Very Low", 2);
        fires(
            "B5",
            spoil,
            "The residual risk of H01 is stated as 2; Significant x Very Low is 1 in the NHS clinical risk matrix.",
        );
        let finding = Fixture::with(spoil).imported().into_iter().find(|finding| finding.check == "B5");
        let place = finding.and_then(|finding| finding.source).map(|place| place.to_string());
        assert_eq!(place.as_deref(), Some("log.xlsx, sheet Hazard Log, cell P2"));
    }

    #[test]
    fn b5_a_risk_stated_in_words_is_compared() {
        let messages = |words: &str| {
            Fixture::with(|fixture| {
                fixture.hazard().residual.stated_risk = Some(StatedRisk::Words(words.to_owned()));
            })
            .messages("B5")
        };
        assert_eq!(messages("3 - Undesirable"), Vec::<String>::new());
        assert_eq!(messages("undesirable"), Vec::<String>::new());
        assert_eq!(
            messages("Acceptable"),
            [
                "The residual risk of H01 is stated as \"Acceptable\"; Major x Low is 3 in the NHS clinical risk matrix."
            ]
        );
    }

    #[test]
    fn b6_is_what_intake_noticed() {
        fires_on_observation("B6", Kind::FormulaReadsOtherCells);
    }

    #[test]
    fn b14_is_what_intake_noticed() {
        fires_on_observation("B14", Kind::RatingsDisagree);
    }
}
