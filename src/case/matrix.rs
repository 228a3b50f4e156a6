//! The risk policy: which words a rating may use, the matrix that turns them into a risk, and what each
//! risk means for acceptability (3.2.1, 5.1.1).
//!
//! The NHS matrix is a table, not a product: severity times likelihood gives other numbers. Another
//! organisation's matrix has its own size, words and numbers, and its numbers may fall as risk rises. So a
//! score means nothing by itself: ask the policy what it demands of one ([`RiskPolicy::class`]) and which of
//! two is worse ([`RiskPolicy::compare`]), and never compare the numbers.

use super::folding::fold;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

const NHS: &str = include_str!("../data/nhs-risk-policy.toml");

/// A risk matrix with its words and acceptability criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskPolicy {
    pub id: String,
    pub title: String,
    /// From the least severe to the most.
    pub severities: Vec<Category>,
    /// From the least likely to the most.
    pub likelihoods: Vec<Category>,
    /// A row a likelihood, a column a severity, in the order of the lists above.
    pub matrix: Vec<Vec<u8>>,
    /// What each risk means, from the lowest. This order is that of the scores, whatever their numbers.
    pub acceptability: Vec<Acceptability>,
    /// The risk never falls as severity or likelihood rises. A matrix of which that is not true has to say so.
    #[serde(default = "yes")]
    pub monotone: bool,
    /// Who has to take part in a PSA session (4.1.2).
    #[serde(default)]
    pub psa_attendance: PsaAttendance,
}

fn yes() -> bool {
    true
}

/// Who has to be present at one PSA session at least. Somebody of a second role is asked for whatever this
/// says: without them a session is not multidisciplinary (4.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PsaAttendance {
    /// How many clinicians; a Clinical Safety Officer is one (2.3.1).
    pub clinicians: u8,
    /// A Clinical Safety Officer.
    pub cso: bool,
    /// A safety engineer: somebody whose role names safety and engineering.
    pub safety_engineer: bool,
}

impl Default for PsaAttendance {
    /// At least one clinician and a Clinical Safety Officer.
    fn default() -> Self {
        Self { clinicians: 1, cso: true, safety_engineer: false }
    }
}

/// A word of an axis and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub word: String,
    pub meaning: String,
}

/// What a risk score means for acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptability {
    pub risk: u8,
    pub class: RiskClass,
    /// A word or two to print beside the score.
    pub word: String,
    pub meaning: String,
}

/// What a policy demands where a risk has this score. Checks ask for the class, never for a number: a number
/// means something only in its own matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RiskClass {
    /// Acceptable of itself (NHS 1).
    Acceptable,
    /// Acceptable where somebody says why it is (NHS 2).
    AcceptableWithReason,
    /// To be reduced; acceptable only where reducing it further is impractical (NHS 3).
    Undesirable,
    /// Not acceptable; as a residual risk it stands only on a risk-benefit analysis (NHS 4 and 5).
    Unacceptable,
}

impl RiskPolicy {
    /// The NHS clinical risk matrix with its acceptability criteria.
    ///
    /// # Panics
    /// Never with the data that is built in; a test reads it.
    #[must_use]
    pub fn nhs() -> Self {
        toml::from_str(NHS).expect("the built-in risk policy is valid")
    }

    /// The risk of this severity and likelihood, however they are cased or spaced; `None` if either word
    /// is not one of the matrix.
    #[must_use]
    pub fn risk(&self, severity: &str, likelihood: &str) -> Option<u8> {
        let column = position(&self.severities, severity)?;
        let row = position(&self.likelihoods, likelihood)?;
        self.matrix.get(row)?.get(column).copied()
    }

    /// The matrix's spelling of a severity.
    #[must_use]
    pub fn severity_word(&self, word: &str) -> Option<&str> {
        position(&self.severities, word).map(|index| self.severities[index].word.as_str())
    }

    /// The matrix's spelling of a likelihood.
    #[must_use]
    pub fn likelihood_word(&self, word: &str) -> Option<&str> {
        position(&self.likelihoods, word).map(|index| self.likelihoods[index].word.as_str())
    }

    /// How many steps a severity is above the lowest; `None` if it is none of the matrix.
    #[must_use]
    pub fn severity_rank(&self, word: &str) -> Option<usize> {
        position(&self.severities, word)
    }

    /// How many steps a likelihood is above the lowest; `None` if it is none of the matrix.
    #[must_use]
    pub fn likelihood_rank(&self, word: &str) -> Option<usize> {
        position(&self.likelihoods, word)
    }

    #[must_use]
    pub fn acceptability(&self, risk: u8) -> Option<&Acceptability> {
        self.acceptability.iter().find(|entry| entry.risk == risk)
    }

    /// What the policy demands of this score.
    #[must_use]
    pub fn class(&self, risk: u8) -> Option<RiskClass> {
        self.acceptability(risk).map(|entry| entry.class)
    }

    /// The place of a score among all, from 0 for the lowest risk; `None` if it is no score of the matrix.
    #[must_use]
    pub fn rank(&self, risk: u8) -> Option<usize> {
        self.acceptability.iter().position(|entry| entry.risk == risk)
    }

    /// Which of two scores is the higher risk, whichever way the numbers run; `None` if one of them is no score
    /// of the matrix.
    #[must_use]
    pub fn compare(&self, one: u8, other: u8) -> Option<Ordering> {
        Some(self.rank(one)?.cmp(&self.rank(other)?))
    }

    /// The worst of these scores.
    #[must_use]
    pub fn worst(&self, risks: impl IntoIterator<Item = u8>) -> Option<u8> {
        risks.into_iter().filter(|risk| self.rank(*risk).is_some()).max_by_key(|risk| self.rank(*risk))
    }

    /// The scores of a class, from the lowest risk.
    pub fn scores(&self, class: RiskClass) -> impl Iterator<Item = u8> {
        self.acceptability.iter().filter(move |entry| entry.class == class).map(|entry| entry.risk)
    }

    /// The cell in which the matrix falls though severity or likelihood rises, as (row, column) from 0.
    /// There is none where every row and column rises or stays.
    #[must_use]
    pub fn falls_at(&self) -> Option<(usize, usize)> {
        let rank = |row: usize, column: usize| {
            self.matrix.get(row).and_then(|risks| risks.get(column)).and_then(|risk| self.rank(*risk))
        };
        let cells = (0..self.likelihoods.len())
            .flat_map(|row| (0..self.severities.len()).map(move |column| (row, column)));
        cells.into_iter().find(|(row, column)| {
            let here = rank(*row, *column);
            let below = |before: Option<usize>| before.is_some_and(|before| here < Some(before));
            below(row.checked_sub(1).and_then(|row| rank(row, *column)))
                || below(column.checked_sub(1).and_then(|column| rank(*row, column)))
        })
    }
}

fn position(categories: &[Category], word: &str) -> Option<usize> {
    let exactly = categories.iter().position(|category| category.word == word);
    exactly.or_else(|| {
        let folded = fold(word);
        categories.iter().position(|category| fold(&category.word) == folded)
    })
}

/// The policy of this id, else the main one.
pub(crate) fn policy_by_id<'a>(main: &'a RiskPolicy, further: &'a [RiskPolicy], id: &str) -> &'a RiskPolicy {
    further.iter().find(|policy| policy.id == id).unwrap_or(main)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nhs_cells_are_those_of_the_published_matrix() {
        let policy = RiskPolicy::nhs();
        let expected = [
            ("Very High", [3, 4, 4, 5, 5]),
            ("High", [2, 3, 3, 4, 5]),
            ("Medium", [2, 2, 3, 3, 4]),
            ("Low", [1, 2, 2, 3, 4]),
            ("Very Low", [1, 1, 2, 2, 3]),
        ];
        let severities = ["Minor", "Significant", "Considerable", "Major", "Catastrophic"];
        for (likelihood, row) in expected {
            for (severity, risk) in severities.iter().zip(row) {
                assert_eq!(policy.risk(severity, likelihood), Some(risk), "{severity} x {likelihood}");
            }
        }
    }

    #[test]
    fn nhs_matrix_never_falls_as_severity_or_likelihood_rises() {
        let policy = RiskPolicy::nhs();
        for row in &policy.matrix {
            assert!(row.is_sorted(), "{row:?}");
        }
        for column in 0..policy.severities.len() {
            assert!(policy.matrix.iter().map(|row| row[column]).is_sorted());
        }
        assert_eq!(policy.falls_at(), None);
        assert!(policy.monotone);
    }

    #[test]
    fn every_risk_of_the_matrix_has_its_acceptability() {
        let policy = RiskPolicy::nhs();
        for risk in policy.matrix.iter().flatten() {
            assert!(policy.acceptability(*risk).is_some(), "{risk}");
        }
    }

    #[test]
    fn words_match_however_cased_or_spaced() {
        let policy = RiskPolicy::nhs();
        assert_eq!(policy.risk("Major ", " very  low"), Some(2));
        assert_eq!(policy.severity_word("considerable "), Some("Considerable"));
        assert_eq!(policy.risk("Serious", "Low"), None);
    }

    /// A policy of this size whose numbers run from `first` upwards or downwards; cell by cell a rank.
    fn policy(severities: usize, likelihoods: usize, ranks: &[u8], inverted: bool) -> RiskPolicy {
        let word = |axis: &str, at: usize| Category { word: format!("{axis} {at}"), meaning: String::new() };
        let highest = 1 + ranks.iter().max().copied().unwrap_or_default();
        let score = |rank: u8| if inverted { highest - rank } else { rank + 1 };
        RiskPolicy {
            severities: (0..severities).map(|at| word("Severity", at)).collect(),
            likelihoods: (0..likelihoods).map(|at| word("Likelihood", at)).collect(),
            matrix: ranks.chunks(severities).map(|row| row.iter().copied().map(score).collect()).collect(),
            acceptability: (0..highest)
                .map(|rank| Acceptability {
                    risk: score(rank),
                    class: RiskClass::Undesirable,
                    word: format!("Level {rank}"),
                    meaning: String::new(),
                })
                .collect(),
            ..RiskPolicy::nhs()
        }
    }

    prop_compose! {
        /// A random policy with the ranks of its cells.
        fn policies()(severities in 1_usize..8, likelihoods in 1_usize..8, inverted in any::<bool>())
            (ranks in prop::collection::vec(0_u8..40, severities * likelihoods),
             severities in Just(severities), likelihoods in Just(likelihoods), inverted in Just(inverted))
            -> (RiskPolicy, Vec<u8>) {
            (policy(severities, likelihoods, &ranks, inverted), ranks)
        }
    }

    proptest! {
        #[test]
        fn a_lookup_agrees_with_the_table((policy, _) in policies(), row in 0_usize..8, column in 0_usize..8) {
            let severity = policy.severities.get(column).map(|word| word.word.to_uppercase());
            let likelihood = policy.likelihoods.get(row).map(|word| format!("  {} ", word.word));
            let looked_up = severity.zip(likelihood).and_then(|(s, l)| policy.risk(&s, &l));
            prop_assert_eq!(looked_up, policy.matrix.get(row).and_then(|row| row.get(column)).copied());
        }

        #[test]
        fn ranks_order_scores_whichever_way_the_numbers_run((policy, ranks) in policies()) {
            let scores: Vec<u8> = policy.matrix.iter().flatten().copied().collect();
            for (one, rank) in scores.iter().zip(&ranks) {
                prop_assert_eq!(policy.rank(*one), Some(usize::from(*rank)));
                for (other, other_rank) in scores.iter().zip(&ranks) {
                    prop_assert_eq!(policy.compare(*one, *other), Some(rank.cmp(other_rank)));
                }
            }
            let worst = policy.worst(scores).and_then(|risk| policy.rank(risk));
            prop_assert_eq!(worst, ranks.iter().max().copied().map(usize::from));
        }

        #[test]
        fn a_fall_is_found_exactly_where_there_is_one((policy, ranks) in policies()) {
            let width = policy.severities.len();
            let rises = ranks.chunks(width).all(<[u8]>::is_sorted)
                && (0..width).all(|column| ranks.iter().skip(column).step_by(width).is_sorted());
            prop_assert_eq!(policy.falls_at().is_none(), rises);
        }
    }

    #[test]
    fn a_score_of_no_cell_has_no_rank() {
        let policy = RiskPolicy::nhs();
        assert_eq!((policy.rank(0), policy.rank(6), policy.compare(1, 6)), (None, None, None));
        assert_eq!(policy.worst([1, 9, 3]), Some(3));
    }
}
