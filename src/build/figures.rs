//! The verdict on a case in the few figures that a table of many cases has room for.

use crate::assurance::{ApprovalRecord, Assurance};
use crate::case::Case;
use serde::{Deserialize, Serialize};

/// What a report is worth, in figures. They are recorded with the report, so that they are known without judging again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    pub draft: bool,
    pub hazards: usize,
    /// Findings that block a release and that nobody has waived.
    pub blocking: usize,
    /// One for each risk matrix in use in which a residual risk is known.
    pub worst_residual: Vec<WorstRisk>,
    pub approvals_given: usize,
    pub approvals_required: usize,
}

/// The highest residual risk by a risk matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorstRisk {
    /// Id of the risk policy.
    pub policy: String,
    pub risk: u8,
    /// What the policy calls risks of this score.
    pub word: String,
}

impl Figures {
    #[must_use]
    pub fn of(case: &Case, assurance: &Assurance) -> Self {
        let matrices = assurance.risk_position.matrices.iter();
        let worst = matrices.filter_map(|matrix| {
            let policy = case.policies().find(|policy| policy.id == matrix.policy)?;
            let risk = matrix.worst_residual?;
            let word = policy.acceptability(risk).map(|class| class.word.clone()).unwrap_or_default();
            Some(WorstRisk { policy: policy.id.clone(), risk, word })
        });
        let given = assurance.approvals.iter().filter(|approval| approval.state == ApprovalRecord::Approved);
        Self {
            draft: assurance.status.draft,
            hazards: assurance.counts.hazards,
            blocking: assurance.counts.blocking,
            worst_residual: worst.collect(),
            approvals_given: given.count(),
            approvals_required: assurance.approvals.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::Fixture;

    #[test]
    fn the_worst_residual_risk_has_the_word_of_its_policy() {
        let fixture = Fixture::new();
        let assurance = crate::assurance::assure(&fixture.subject());
        let figures = Figures::of(&fixture.case, &assurance);
        assert_eq!(figures.blocking, assurance.counts.blocking);
        assert_eq!(figures.approvals_required - figures.approvals_given, assurance.counts.approvals_missing);
        let [worst] = &figures.worst_residual[..] else { panic!("one matrix is in use: {figures:?}") };
        assert_eq!((worst.policy.as_str(), worst.risk), ("nhs", 3));
        assert_eq!(worst.word, fixture.case.risk_policy.acceptability(3).unwrap().word);
    }
}
