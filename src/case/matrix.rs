//! The risk policy: which words a rating may use, the matrix that turns them into a risk, and what each
//! risk means for acceptability (3.2.1, 5.1.1).
//!
//! The NHS matrix is a table, not a product: severity times likelihood gives other numbers.

use serde::{Deserialize, Serialize};

const NHS: &str = include_str!("../data/nhs-risk-policy.toml");

/// A risk matrix with its words and acceptability criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What each risk means, from the lowest.
    pub acceptability: Vec<Acceptability>,
}

/// A word of an axis and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub word: String,
    pub meaning: String,
}

/// What a risk score means for acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
}

fn position(categories: &[Category], word: &str) -> Option<usize> {
    let folded = fold(word);
    categories.iter().position(|category| fold(&category.word) == folded)
}

/// Case, outer space and runs of inner space do not distinguish words.
pub(crate) fn fold(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let matrix = RiskPolicy::nhs().matrix;
        for row in &matrix {
            assert!(row.is_sorted(), "{row:?}");
        }
        for column in 0..matrix[0].len() {
            assert!(matrix.iter().map(|row| row[column]).is_sorted());
        }
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
}
