//! Counts of hazards by their risk: `two hazards have a residual risk of 3, and four of 2`.

use super::super::scores::{is_bound, score};
use super::counted::counted;
use super::{OF_HAZARDS, is_count, of};
use crate::assurance::prose::{Word, contains};
use crate::case::Case;

/// What a statement says of the number of hazards with a risk, where the log says otherwise.
pub fn by_risk(words: &[Word], case: &Case) -> Vec<String> {
    // A score means something in its own matrix only: with several, a sentence does not say which it counts by.
    if !case.risk_policies.is_empty() {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    for first in counted(words, &["hazard", "hazards"], &OF_HAZARDS) {
        let mut point = point_of(words);
        let mut rest = first.after;
        let mut number = first.number;
        let mut is_first = true;
        while let Some(read) = rated(rest, case, is_first) {
            point = read.point.or(point);
            let counts = read.counts(case, point);
            if !counts.iter().any(|count| is_count(*count, number)) {
                wrong.push(read.contradiction(number, point, &counts));
            }
            let Some((next, after)) = next_number(read.after) else { break };
            (number, rest, is_first) = (next, after, false);
        }
    }
    wrong
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
fn rated<'w>(words: &'w [Word], case: &Case, is_first: bool) -> Option<Rated<'w>> {
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
    let risk = score(number, &case.risk_policy)?;
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

impl Rated<'_> {
    fn counts(&self, case: &Case, point: Option<Point>) -> Vec<usize> {
        let hazards = &case.hazard_log.hazards;
        let initial = || hazards.iter().filter(|hazard| hazard.initial.risk == Some(self.risk)).count();
        let residual = || hazards.iter().filter(|hazard| hazard.residual.risk == Some(self.risk)).count();
        match point {
            Some(Point::Initial) => vec![initial()],
            Some(Point::Residual) => vec![residual()],
            None => vec![initial(), residual()],
        }
    }

    fn contradiction(&self, number: u32, point: Option<Point>, counts: &[usize]) -> String {
        let risk = self.risk;
        let stated = of(number, "hazard");
        match (point, counts) {
            (Some(Point::Initial), [count]) => {
                format!("counts {stated} with an initial risk of {risk}; the log holds {count}")
            }
            (Some(Point::Residual), [count]) => {
                format!("counts {stated} with a residual risk of {risk}; the log holds {count}")
            }
            (_, counts) => {
                let [initial, residual] =
                    [counts.first(), counts.last()].map(|count| count.copied().unwrap_or(0));
                format!(
                    "counts {stated} with a risk of {risk}; the log holds {initial} of that initial and {residual} of that residual risk"
                )
            }
        }
    }
}
