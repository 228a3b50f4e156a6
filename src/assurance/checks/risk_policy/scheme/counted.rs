//! Numbers beside the policy's own words: which end do they count from?
//!
//! `4 - Major` counts the severities from the lowest, as the policy lists them, and is one way of writing a word.
//! A log that writes `2 - Major` and `1 - Catastrophic` counts from the worst. Cell by cell those are
//! disagreements between number and word (B7); together they are a scheme, and B7 leaves to it what it explains.

use super::{Field, Scheme, Stated, View, is_most, list};
use crate::assurance::LogSubject;
use crate::case::hazard::Rating;
use crate::case::matrix::RiskPolicy;
use crate::case::ordinal::Ordinal;

/// An axis of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::assurance::checks) enum Axis {
    Severity,
    Likelihood,
}

/// A number beside a word of the policy.
#[derive(Debug, Clone, Copy)]
pub(in crate::assurance::checks) struct Numbered<'a> {
    /// The cell as it was stated.
    pub stated: &'a str,
    pub number: usize,
    pub word: &'a str,
    /// Place of the word on its axis, from 1 for the lowest.
    pub place: usize,
}

/// How numbers count the words of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::assurance::checks) enum Counting {
    /// 1 is the worst.
    FromTheWorst,
    /// 0 is the lowest.
    FromNought,
}

impl Axis {
    pub(in crate::assurance::checks) const BOTH: [Self; 2] = [Self::Severity, Self::Likelihood];

    pub(in crate::assurance::checks) fn field(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Likelihood => "likelihood",
        }
    }

    pub(in crate::assurance::checks) fn plural(self) -> &'static str {
        match self {
            Self::Severity => "severities",
            Self::Likelihood => "likelihoods",
        }
    }

    /// The number beside the word that was read here, where the log states one.
    pub(in crate::assurance::checks) fn numbered<'a>(
        self,
        rating: &'a Rating,
        policy: &RiskPolicy,
    ) -> Option<Numbered<'a>> {
        let (stated, rank) = match self {
            Self::Severity => (
                &rating.stated_severity,
                policy.severity_rank(rating.severity.as_deref().unwrap_or_default()),
            ),
            Self::Likelihood => (
                &rating.stated_likelihood,
                policy.likelihood_rank(rating.likelihood.as_deref().unwrap_or_default()),
            ),
        };
        let stated = stated.as_deref()?;
        let Ordinal { number, word } = Ordinal::of(stated)?;
        Some(Numbered { stated, number: usize::from(number), word, place: rank? + 1 })
    }

    /// How the numbers beside the words of this axis count, where they do not count from the lowest and most of
    /// the hazards that this policy rates agree on it.
    pub(in crate::assurance::checks) fn counting(
        self,
        subject: &LogSubject<'_>,
        policy: &RiskPolicy,
    ) -> Option<Counting> {
        let view = View::of(subject, policy);
        [Counting::FromTheWorst, Counting::FromNought]
            .into_iter()
            .find(|counting| self.is_counted(&view, *counting))
    }

    fn length(self, policy: &RiskPolicy) -> usize {
        match self {
            Self::Severity => policy.severities.len(),
            Self::Likelihood => policy.likelihoods.len(),
        }
    }

    fn all<'v>(self, view: &'v View<'_>) -> impl Iterator<Item = (&'v Stated<'v>, Numbered<'v>)> {
        view.ratings
            .iter()
            .filter_map(move |stated| Some((stated, self.numbered(stated.rating, view.policy)?)))
    }

    /// Most ratings have a number on this axis that counts so, and more of these than not count in no other way.
    fn is_counted(self, view: &View<'_>, counting: Counting) -> bool {
        let counts = |each: &Numbered<'_>| counting.is_of(self, each, view.policy);
        let fits = self.all(view).filter(|(_, each)| counts(each)).count();
        let (mut so, mut otherwise) = (0, 0);
        for (_, each) in self.all(view) {
            // The word in the middle has the same number from either end, and says nothing.
            match (counts(&each), each.number == each.place) {
                (true, false) => so += 1,
                (false, _) => otherwise += 1,
                (true, true) => {}
            }
        }
        is_most(fits, view.ratings.len()) && so > otherwise
    }
}

impl Counting {
    /// Whether this is how the number beside a word came about.
    pub(in crate::assurance::checks) fn is_of(
        self,
        axis: Axis,
        each: &Numbered<'_>,
        policy: &RiskPolicy,
    ) -> bool {
        match self {
            Self::FromTheWorst => each.number + each.place == axis.length(policy) + 1,
            Self::FromNought => each.number + 1 == each.place,
        }
    }

    fn name(self, length: usize) -> String {
        match self {
            Self::FromTheWorst => {
                format!("numbers 1 to {length} of which 1 is the worst, beside the policy's words")
            }
            Self::FromNought => {
                format!("numbers counted from 0, up to {}, beside the policy's words", length - 1)
            }
        }
    }
}

/// The scheme that the numbers beside the policy's words are of, if they do not count as the policy does.
pub(super) fn scheme(view: &View<'_>) -> Option<Scheme> {
    let of = |axis: Axis| axis.counting(view.subject, view.policy);
    let (axis, counting) = Axis::BOTH.into_iter().find_map(|axis| Some((axis, of(axis)?)))?;
    let counted: Vec<&str> =
        Axis::BOTH.into_iter().filter(|axis| of(*axis) == Some(counting)).map(Axis::plural).collect();
    let seen: Vec<&Stated<'_>> = axis.all(view).map(|(stated, _)| stated).collect();
    let field = if axis == Axis::Severity { Field::Severity } else { Field::Likelihood };
    let name = counting.name(axis.length(view.policy));
    let scheme = view.scheme(&name, &seen, view.ratings.len(), field, |examples| {
        format!(
            "The words beside the numbers of the {} say so: {examples}; the words were read, and not the numbers",
            list(&counted)
        )
    })?;
    Some(Scheme {
        remedy: Some(
            "Write the policy's words alone into the log; or declare the policy that the log was rated by, its words with their numbers.",
        ),
        ..scheme
    })
}
