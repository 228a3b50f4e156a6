//! Counts of hazards by their risk: `two hazards have a residual risk of 3, and four of 2`.

use super::super::scores::{is_bound, score};
use super::counted::counted;
use super::{OF_HAZARDS, is_count, of};
use crate::assurance::prose::{Word, contains, words};
use crate::case::Case;
use crate::case::hazard::{Hazard, Rating};
use crate::case::matrix::RiskPolicy;

/// What a statement says of the number of hazards with a risk, where the log says otherwise.
pub fn by_risk(words: &[Word], case: &Case) -> Vec<String> {
    let counted = counted(words, &["hazard", "hazards"], &OF_HAZARDS);
    let policies = if counted.is_empty() { Vec::new() } else { meant(words, case) };
    let mut wrong = Vec::new();
    for first in counted {
        let mut point = point_of(words);
        let mut rest = first.after;
        let mut number = first.number;
        let mut is_first = true;
        while let Some(read) = rated(rest, &policies, is_first) {
            point = read.point.or(point);
            let counts = Counts::of(read.risk, &policies, case);
            if !counts.may_be(number, point) {
                wrong.push(counts.contradiction(number, read.risk, point));
            }
            let Some((next, after)) = next_number(read.after) else { break };
            (number, rest, is_first) = (next, after, false);
        }
    }
    wrong
}

/// The policies that the scores of a statement may be of: those that it names, else those that rate a hazard.
fn meant<'a>(said: &[Word], case: &'a Case) -> Vec<&'a RiskPolicy> {
    let hazards = &case.hazard_log.hazards;
    let rates = |policy: &RiskPolicy| hazards.iter().any(|hazard| case.policy_of(hazard).id == policy.id);
    let in_use: Vec<&RiskPolicy> = case.policies().filter(|policy| rates(policy)).collect();
    let is_named = |policy: &RiskPolicy| {
        let title = words(&policy.title);
        !title.is_empty() && said.windows(title.len()).any(|said| *said == title[..])
    };
    let named: Vec<&RiskPolicy> = in_use.iter().copied().filter(|policy| is_named(policy)).collect();
    if named.is_empty() { in_use } else { named }
}

/// How many hazards have a risk, initial and residual, by each policy that has such a score: a score means something
/// in its own matrix only.
struct Counts<'a>(Vec<(&'a RiskPolicy, usize, usize)>);

impl<'a> Counts<'a> {
    fn of(risk: u8, policies: &[&'a RiskPolicy], case: &Case) -> Self {
        let has_it = policies.iter().filter(|policy| policy.acceptability(risk).is_some());
        let counted = has_it.map(|policy| {
            let of_it = |hazard: &&Hazard| case.policy_of(hazard).id == policy.id;
            let rated = |rating: fn(&Hazard) -> &Rating| {
                let hazards = case.hazard_log.hazards.iter().filter(of_it);
                hazards.filter(|hazard| rating(hazard).risk == Some(risk)).count()
            };
            (*policy, rated(|hazard| &hazard.initial), rated(|hazard| &hazard.residual))
        });
        Self(counted.collect())
    }

    /// Where a statement names no matrix, it may speak of the hazards of any, or of all together.
    fn may_be(&self, number: u32, point: Option<Point>) -> bool {
        let all = |of: fn(&(&RiskPolicy, usize, usize)) -> usize| self.0.iter().map(of).sum();
        let sums: (usize, usize) = (all(|each| each.1), all(|each| each.2));
        let counts = self.0.iter().map(|(_, initial, residual)| (*initial, *residual));
        counts.chain([sums]).any(|(initial, residual)| match point {
            Some(Point::Initial) => is_count(initial, number),
            Some(Point::Residual) => is_count(residual, number),
            None => is_count(initial, number) || is_count(residual, number),
        })
    }

    fn contradiction(&self, number: u32, risk: u8, point: Option<Point>) -> String {
        let held: Vec<String> = self
            .0
            .iter()
            .map(|(policy, initial, residual)| {
                let held = match point {
                    Some(Point::Initial) => initial.to_string(),
                    Some(Point::Residual) => residual.to_string(),
                    None => format!("{initial} of that initial and {residual} of that residual risk"),
                };
                if self.0.len() == 1 { held } else { format!("{held} by the {}", policy.title) }
            })
            .collect();
        let point = match point {
            Some(Point::Initial) => "an initial risk",
            Some(Point::Residual) => "a residual risk",
            None => "a risk",
        };
        format!("counts {} with {point} of {risk}; the log holds {}", of(number, "hazard"), held.join(", "))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Initial,
    Residual,
}

/// The point that a statement as a whole is about, where it names one alone.
fn point_of(words: &[Word]) -> Option<Point> {
    let mitigated = words
        .iter()
        .zip(words.iter().skip(1))
        .any(|(after, what)| after.is("after") && what.is_one_of(&["control", "controls", "mitigation"]));
    match (contains(words, &["initial"]), mitigated || contains(words, &["residual"])) {
        (true, false) => Some(Point::Initial),
        (false, true) => Some(Point::Residual),
        _ => None,
    }
}

struct Rated<'w> {
    point: Option<Point>,
    risk: u8,
    after: &'w [Word],
}

/// `are rated 3`, `have a residual risk of 2`; after the first of a list, `at 2` is enough.
fn rated<'w>(words: &'w [Word], policies: &[&RiskPolicy], is_first: bool) -> Option<Rated<'w>> {
    const RATED: [&str; 10] =
        ["rated", "scored", "score", "stand", "stands", "risk", "rating", "level", "assessed", "graded"];
    const BETWEEN: [&str; 24] = [
        "hazard",
        "hazards",
        "identified",
        "were",
        "are",
        "is",
        "was",
        "have",
        "has",
        "having",
        "been",
        "being",
        "at",
        "as",
        "a",
        "an",
        "the",
        "with",
        "of",
        "initial",
        "residual",
        "clinical",
        "remain",
        "all",
    ];
    let between = words.iter().take_while(|word| word.is_one_of(&RATED) || word.is_one_of(&BETWEEN));
    let (between, rest) = words.split_at(between.count());
    let (number, after) = rest.split_first()?;
    let risk = policies.iter().find_map(|policy| score(number, policy))?;
    let says_rated = contains(between, &RATED) || (!is_first && contains(between, &["at", "of", "as"]));
    if !says_rated || is_bound((after.first(), after.get(1))) || counts_more(after) {
        return None;
    }
    let point = match (contains(between, &["initial"]), contains(between, &["residual"])) {
        (true, false) => Some(Point::Initial),
        (false, true) => Some(Point::Residual),
        _ => None,
    };
    Some(Rated { point, risk, after })
}

/// The number was no risk: it counts what follows, as in `are in scope of 3 hazards`.
fn counts_more(after: &[Word]) -> bool {
    after
        .first()
        .is_some_and(|word| word.is_one_of(&["hazard", "hazards", "control", "controls", "sessions"]))
}

/// The next number of a list: `, seven`, `and seven`.
fn next_number(words: &[Word]) -> Option<(u32, &[Word])> {
    let joins = |word: &&Word| word.is("and") || matches!(word, Word::Mark(','));
    let length = words.iter().take_while(joins).count();
    let (number, after) = words[length..].split_first()?;
    (length > 0).then_some((number.number()?, after))
}
