//! Which scheme a log was rated by, where it is not the declared policy.
//!
//! People rate by products of 1 to 5, by the words of other matrices, with 1 for the worst, with the columns
//! exchanged. Cell by cell that is a heap of unknown words; seen together the words and numbers of a log say
//! which scheme it was. It is named, with what speaks for it, and nothing is converted: an NHS 3 is no
//! "Moderate", and which of the two was meant is not for a program to say.
//!
//! A scheme is named only where at least half of the ratings speak for it, and at least two.

mod counted;
mod numbers;
mod words;

use super::super::list;
use super::super::rating::stated_scores;
use crate::assurance::LogSubject;
use crate::assurance::check::{Hit, Outcome};
use crate::case::hazard::{Hazard, Rating, StatedRisk};
use crate::case::matrix::RiskPolicy;
pub(in crate::assurance::checks) use counted::{Axis, Numbered};

/// One rating as the log states it.
struct Stated<'a> {
    hazard: &'a Hazard,
    point: &'static str,
    rating: &'a Rating,
    policy: &'a RiskPolicy,
}

/// A scheme and what speaks for it.
struct Scheme {
    /// What it is, as words that follow "by".
    name: String,
    /// What was seen, as a sentence without its full stop.
    evidence: String,
    /// Path of the first cell that it was seen in.
    first: String,
    remedy: Option<&'static str>,
}

pub(super) fn recognised(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for policy in subject.policies_in_use() {
        let view = View::of(subject, policy);
        let schemes: Vec<Scheme> = [
            words::exchanged(&view),
            counted::scheme(&view),
            numbers::scheme(&view),
            words::axes(&view),
            words::tolerability(&view),
            words::levels(&view),
        ]
        .into_iter()
        .flatten()
        .collect();
        outcome_of(&schemes, policy, outcome);
    }
}

fn outcome_of(schemes: &[Scheme], policy: &RiskPolicy, outcome: &mut Outcome) {
    let Some(first) = schemes.first() else { return };
    let names: Vec<&str> = schemes.iter().map(|scheme| scheme.name.as_str()).collect();
    let evidence: Vec<&str> = schemes.iter().map(|scheme| scheme.evidence.as_str()).collect();
    let message = format!(
        "Hazards that should be rated by the {} seem to be rated by {}. {}. Nothing was converted.",
        policy.title,
        names.join(", and by "),
        evidence.join(". ")
    );
    let hit = Hit::at(first.first.clone(), message);
    outcome.hit(match schemes.iter().find_map(|scheme| scheme.remedy) {
        Some(remedy) => hit.remedy(remedy),
        None => hit,
    });
}

/// The ratings that one policy should explain.
struct View<'a> {
    subject: &'a LogSubject<'a>,
    policy: &'a RiskPolicy,
    ratings: Vec<Stated<'a>>,
}

impl<'a> View<'a> {
    fn of(subject: &'a LogSubject<'a>, policy: &'a RiskPolicy) -> Self {
        let hazards = subject.log.hazards.iter().filter(|hazard| subject.policy_of(hazard).id == policy.id);
        let ratings =
            hazards
                .flat_map(|hazard| {
                    [("initial", &hazard.initial), ("residual", &hazard.residual)]
                        .map(|(point, rating)| Stated { hazard, point, rating, policy })
                })
                .filter(|stated| !stated.rating.is_blank())
                .collect();
        Self { subject, policy, ratings }
    }

    /// The scheme that these of the ratings speak for, if they are enough of `all`.
    fn scheme(
        &self,
        name: &str,
        seen: &[&Stated<'_>],
        all: usize,
        field: Field,
        says: impl FnOnce(String) -> String,
    ) -> Option<Scheme> {
        let first = *seen.first()?;
        is_most(seen.len(), all).then(|| Scheme {
            name: name.to_owned(),
            evidence: says(self.examples(seen, field)),
            first: first.path(field),
            remedy: None,
        })
    }

    /// `H01 initial "Likely" (cell H2), H02 ...`: up to three, of different words.
    fn examples(&self, seen: &[&Stated<'_>], field: Field) -> String {
        const NAMED: usize = 3;
        let mut named: Vec<(String, String)> = Vec::new();
        for stated in seen {
            let text = stated.text(field);
            if named.len() < NAMED && !named.iter().any(|(known, _)| *known == text) {
                let place = self.subject.provenance.place(&stated.path(field));
                let cell = place.and_then(|place| place.cell);
                let cell = cell.map_or_else(String::new, |cell| format!(", cell {cell}"));
                named.push((
                    text.clone(),
                    format!("\"{text}\" ({} {}{cell})", stated.hazard.key, stated.point),
                ));
            }
        }
        named.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(", ")
    }
}

/// Enough to name a scheme by.
fn is_most(seen: usize, all: usize) -> bool {
    seen >= 2 && seen * 2 >= all
}

/// `9 of 10 ratings`, `all 4 ratings`.
fn of_ratings(seen: usize, all: usize) -> String {
    if seen == all { format!("all {all} ratings") } else { format!("{seen} of {all} ratings") }
}

/// What of a rating is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Severity,
    Likelihood,
    Risk,
    /// All three, at the cell of the risk.
    Whole,
}

impl Stated<'_> {
    fn path(&self, field: Field) -> String {
        let name = match field {
            Field::Severity => "severity",
            Field::Likelihood => "likelihood",
            Field::Risk | Field::Whole => "risk",
        };
        format!("hazards/{}/{}/{name}", self.hazard.key, self.point)
    }

    fn severity(&self) -> &str {
        self.rating.severity.as_deref().unwrap_or_default()
    }

    fn likelihood(&self) -> &str {
        self.rating.likelihood.as_deref().unwrap_or_default()
    }

    /// The severity as the log states it, with the number beside it.
    fn whole_severity(&self) -> &str {
        self.rating.stated_severity.as_deref().unwrap_or(self.severity())
    }

    /// The likelihood as the log states it, with the number beside it.
    fn whole_likelihood(&self) -> &str {
        self.rating.stated_likelihood.as_deref().unwrap_or(self.likelihood())
    }

    /// The risk as it is stated, in words.
    fn risk(&self) -> String {
        match &self.rating.stated_risk {
            Some(StatedRisk::Score(score)) => score.to_string(),
            Some(StatedRisk::Words(words)) => words.trim().to_owned(),
            None => String::new(),
        }
    }

    /// The risk that is stated in words that mean nothing in the policy.
    fn unknown_risk(&self) -> Option<&str> {
        match &self.rating.stated_risk {
            Some(StatedRisk::Words(words)) if stated_scores(words, self.policy).is_empty() => {
                Some(words.trim())
            }
            _ => None,
        }
    }

    fn text(&self, field: Field) -> String {
        match field {
            Field::Severity => self.whole_severity().to_owned(),
            Field::Likelihood => self.whole_likelihood().to_owned(),
            Field::Risk => self.risk(),
            Field::Whole => {
                format!("{} x {} = {}", self.whole_severity(), self.whole_likelihood(), self.risk())
            }
        }
    }
}

#[cfg(test)]
mod tests;
