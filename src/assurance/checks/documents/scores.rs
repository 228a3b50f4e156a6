//! Which risks a text gives to hazards.

use super::Told;
use crate::assurance::check::{Examined, Outcome};
use crate::assurance::prose::{HazardIds, Statement, Word, words};
use crate::case::Case;
use crate::case::hazard::{Hazard, Rating, StatedRisk};
use crate::case::matrix::{Category, RiskPolicy};

/// A risk that a text gives to a hazard of the log.
#[derive(Debug)]
pub(in crate::assurance) struct ScoreGiven<'a> {
    pub hazard: &'a Hazard,
    pub residual: bool,
    pub risk: u8,
    statement: &'a Statement,
}

pub(super) fn contradicted(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let ids = HazardIds::of(case);
    for told in &examined.told {
        for given in scores(told, case, &ids).into_iter().filter(|given| !given.is_the_logs()) {
            outcome.hit(told.hit_score(&given));
        }
    }
}

impl Told {
    /// A score that is not the log's.
    pub fn hit_score(&self, given: &ScoreGiven<'_>) -> crate::assurance::check::Hit {
        let (point, rating) = given.rating();
        let logged = rating.risk.map_or_else(|| "none".to_owned(), |risk| risk.to_string());
        let says =
            format!("gives {} the {point} risk {}; the log gives {logged}", given.hazard.key, given.risk);
        self.hit_at(given.statement, &says).of_hazard(Some(&given.hazard.key))
    }
}

impl ScoreGiven<'_> {
    fn rating(&self) -> (&'static str, &Rating) {
        if self.residual { ("residual", &self.hazard.residual) } else { ("initial", &self.hazard.initial) }
    }

    /// The matrix gives it, or the log states it; which of the two is right is another check's matter. Where
    /// the log rates nothing there is nothing to contradict.
    pub fn is_the_logs(&self) -> bool {
        let (_, rating) = self.rating();
        rating.risk.is_none_or(|risk| risk == self.risk)
            || rating.stated_risk == Some(StatedRisk::Score(self.risk))
    }

    /// The same said of the same hazard.
    pub fn says_as(&self, other: &ScoreGiven<'_>) -> bool {
        self.hazard.key == other.hazard.key && self.residual == other.residual && self.risk == other.risk
    }
}

/// The risks that a text gives: in sentences and rows that name one hazard.
pub(in crate::assurance) fn scores<'a>(
    told: &'a Told,
    case: &'a Case,
    ids: &HazardIds<'a>,
) -> Vec<ScoreGiven<'a>> {
    let mut given = Vec::new();
    for statement in &told.statements {
        let mut cited = ids.cited(&statement.text).into_iter();
        let Some(id) = cited.next().and_then(|first| first.known) else { continue };
        if cited.any(|other| other.known != Some(id)) {
            continue;
        }
        let Some(hazard) = ids.bearer(id) else { continue };
        let (words, policy) = (words(&statement.text), case.policy_of(hazard));
        if super::tells_of_others(&words, case) {
            continue;
        }
        let read = if statement.is_row { in_row(&words, policy) } else { in_sentence(&words, policy) };
        given.extend(read.into_iter().map(|(residual, risk)| ScoreGiven {
            hazard,
            residual,
            risk,
            statement,
        }));
    }
    given
}

/// `residual risk rating of 2`; nothing may stand between that is not one of these words.
fn in_sentence(words: &[Word], policy: &RiskPolicy) -> Vec<(bool, u8)> {
    const RISK: [&str; 5] = ["risk", "score", "rating", "level", "class"];
    const IS: [&str; 8] = ["of", "is", "was", "at", "as", "remains", "stands", "scored"];
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.is_one_of(&["initial", "residual"])) {
        let rest = words[at + 1..].iter().skip_while(|word| word.is_one_of(&["clinical", "safety"]));
        let mut rest = rest.peekable();
        let mut nouns = 0;
        while rest.next_if(|word| word.is_one_of(&RISK)).is_some() {
            nouns += 1;
        }
        while rest.next_if(|word| word.is_one_of(&IS) || matches!(word, Word::Mark(':' | '='))).is_some() {}
        let Some(risk) = rest.next().and_then(|word| score(word, policy)).filter(|_| nouns > 0) else {
            continue;
        };
        let after = (rest.next(), rest.next());
        if !is_bound(after) {
            found.push((word.is("residual"), risk));
        }
    }
    found
}

/// `3 or below`, `3 and above`, `3 to 5`, `3 x 4`, `3 / 5`: no score of its own.
pub(super) fn is_bound(after: (Option<&Word>, Option<&Word>)) -> bool {
    const BOUNDS: [&str; 6] = ["above", "below", "higher", "lower", "more", "over"];
    match after {
        (Some(word), _) if word.is_one_of(&["or", "to", "x", "times", "out"]) => true,
        (Some(Word::Mark('%' | '/' | '\u{d7}' | '-' | '\u{2013}' | '+')), _) => true,
        (Some(and), Some(word)) => and.is("and") && word.is_one_of(&BOUNDS),
        _ => false,
    }
}

/// A number that is a risk of the policy.
pub(super) fn score(word: &Word, policy: &RiskPolicy) -> Option<u8> {
    let risk = u8::try_from(word.number()?).ok()?;
    policy.acceptability(risk).map(|_| risk)
}

/// A row with severity, likelihood and risk twice: initial, then residual.
fn in_row(words: &[Word], policy: &RiskPolicy) -> Vec<(bool, u8)> {
    let mut ratings = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        match rating(rest, policy) {
            Some((risk, after)) => {
                ratings.push(risk);
                rest = after;
            }
            None => rest = &rest[1..],
        }
    }
    match ratings[..] {
        [initial, residual] => vec![(false, initial), (true, residual)],
        _ => Vec::new(),
    }
}

/// Severity and likelihood, in either order, and a risk, at the beginning of these words.
fn rating<'w>(words: &'w [Word], policy: &RiskPolicy) -> Option<(u8, &'w [Word])> {
    let severity = |words: &'w [Word]| category(words, &policy.severities);
    let likelihood = |words: &'w [Word]| category(words, &policy.likelihoods);
    let rest = severity(words).and_then(likelihood).or_else(|| likelihood(words).and_then(severity))?;
    let (first, rest) = rest.split_first()?;
    Some((score(first, policy)?, rest))
}

/// What follows a category's word, the longest of those that stand here.
fn category<'w>(words: &'w [Word], categories: &[Category]) -> Option<&'w [Word]> {
    let begins_with = |category: &Category| {
        let mut rest = words.iter();
        let fits = category
            .word
            .split_whitespace()
            .all(|part| rest.next().is_some_and(|word| word.is_in_any_case(part)));
        fits.then(|| words.len() - rest.len())
    };
    let length = categories.iter().filter_map(begins_with).max()?;
    Some(&words[length..])
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, fires, outside, rating, telling};

    #[test]
    fn e3_a_score_beside_one_hazard() {
        fires(
            "E3",
            telling("For H01 an initial risk of 3 becomes a residual risk rating of two (2)."),
            "The narrative section \"introduction\" gives H01 the residual risk 2; the log gives 3: \"For H01 an initial risk of 3 becomes a residual risk rating of two (2)\".",
        );
        let telling_rating = |fixture: &mut Fixture| {
            fixture.hazard().initial = rating("Major", "High", 4);
            telling("H01: initial risk: 5.")(fixture);
        };
        assert_eq!(Fixture::with(telling_rating).messages("E3").len(), 1);
    }

    #[test]
    fn e3_a_row_of_ratings() {
        fires(
            "E3",
            outside(
                "H01   Lost    Major  Medium  3   Major  Very Low  2\nH02  x   Major  Medium  3   Major  Low  3",
            ),
            "The outside report old.txt, page 1, gives H01 the residual risk 2; the log gives 3: \"H01 Lost Major Medium 3 Major Very Low 2\".",
        );
    }

    #[test]
    fn e3_is_silent_where_it_cannot_be_sure() {
        for text in [
            "H01 and H02 have a residual risk of 1.",
            "H01 may reach a residual risk of 1 or 2.",
            "The residual risk is 1. H01 is another matter.",
            "Without it, the residual risk of H01 would be 5.",
            "H01 falls from 4 to 2.",
            "H01 has a residual risk of 3.",
            "H01 has an initial risk score of 15.",
        ] {
            assert_eq!(Fixture::with(telling(text)).messages("E3"), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn e3_what_the_log_states_is_its_own_matter() {
        let stated = |fixture: &mut Fixture| {
            fixture.hazard().residual = rating("Major", "Low", 2);
            telling("H01 has a residual risk of 2.")(fixture);
        };
        assert_eq!(Fixture::with(stated).messages("E3"), Vec::<String>::new());
    }
}
