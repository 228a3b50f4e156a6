//! The risk position: what the ratings add up to. Computed; it stands beside the CSO's own statement and
//! never replaces it.
//!
//! Hazards of two matrices cannot be counted by score together: a 4 of one is not a 4 of the other. What can
//! be added up is told of all hazards, what cannot of each matrix by itself.

use crate::case::Case;
use crate::case::hazard::{Hazard, HazardState, Rating};
use crate::case::matrix::RiskPolicy;
use serde::Serialize;
use std::cmp::Ordering;

/// The risks of all hazards, before and after control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RiskPosition {
    /// One for each risk policy that rates a hazard, the main one first; the main one alone where there is no
    /// hazard.
    pub matrices: Vec<MatrixPosition>,
    /// How the risks of all hazards have changed, each within its own matrix.
    pub change: Change,
    pub open: usize,
    pub closed: usize,
    pub transferred: usize,
    /// Hazards with another status, or with none.
    pub status_not_given: usize,
}

/// Counts and places of the hazards of one matrix, before and after control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixPosition {
    /// Id of the risk policy.
    pub policy: String,
    /// How many hazards it rates.
    pub hazards: usize,
    pub initial: Distribution,
    pub residual: Distribution,
    pub change: Change,
    /// Highest residual risk, where any is known.
    pub worst_residual: Option<u8>,
}

/// Hazards whose residual risk is lower than, the same as, or higher than the initial one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    pub reduced: usize,
    pub unchanged: usize,
    pub increased: usize,
    /// Hazards of which one of the two risks is not known.
    pub not_comparable: usize,
}

/// Hazards by risk and by cell of the matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Distribution {
    /// A row a risk score of the policy, from the lowest risk; every score is listed.
    pub by_risk: Vec<RiskCount>,
    /// Keys of the hazards that have no risk from the matrix.
    pub unrated: Vec<String>,
    /// Only cells that hold hazards.
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RiskCount {
    pub risk: u8,
    pub hazards: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    pub severity: String,
    pub likelihood: String,
    pub risk: u8,
    pub hazards: Vec<String>,
}

impl RiskPosition {
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let hazards = &case.hazard_log.hazards;
        let mut matrices: Vec<MatrixPosition> = case
            .policies()
            .map(|policy| {
                let rated = hazards.iter().filter(|hazard| case.policy_of(hazard).id == policy.id);
                MatrixPosition::of(policy, &rated.collect::<Vec<_>>())
            })
            .collect();
        if hazards.is_empty() {
            matrices.truncate(1);
        } else {
            matrices.retain(|matrix| matrix.hazards > 0);
        }
        let in_state = |state: HazardState| hazards.iter().filter(|hazard| hazard.state == state).count();
        Self {
            change: matrices.iter().fold(Change::default(), |sum, matrix| sum.plus(matrix.change)),
            matrices,
            open: in_state(HazardState::Open),
            closed: in_state(HazardState::Closed),
            transferred: in_state(HazardState::Transferred),
            status_not_given: in_state(HazardState::Other) + in_state(HazardState::NotGiven),
        }
    }
}

impl MatrixPosition {
    fn of(policy: &RiskPolicy, hazards: &[&Hazard]) -> Self {
        Self {
            policy: policy.id.clone(),
            hazards: hazards.len(),
            initial: Distribution::of(policy, hazards, |hazard| &hazard.initial),
            residual: Distribution::of(policy, hazards, |hazard| &hazard.residual),
            change: hazards
                .iter()
                .fold(Change::default(), |sum, hazard| sum.plus(Change::of(policy, hazard))),
            worst_residual: policy.worst(hazards.iter().filter_map(|hazard| hazard.residual.risk)),
        }
    }
}

impl Change {
    /// The change of one hazard.
    fn of(policy: &RiskPolicy, hazard: &Hazard) -> Self {
        let risks = hazard.residual.risk.zip(hazard.initial.risk);
        let mut change = Self::default();
        *match risks.and_then(|(after, before)| policy.compare(after, before)) {
            Some(Ordering::Less) => &mut change.reduced,
            Some(Ordering::Equal) => &mut change.unchanged,
            Some(Ordering::Greater) => &mut change.increased,
            None => &mut change.not_comparable,
        } = 1;
        change
    }

    fn plus(self, other: Self) -> Self {
        Self {
            reduced: self.reduced + other.reduced,
            unchanged: self.unchanged + other.unchanged,
            increased: self.increased + other.increased,
            not_comparable: self.not_comparable + other.not_comparable,
        }
    }
}

impl Distribution {
    fn of(policy: &RiskPolicy, hazards: &[&Hazard], rating: impl Fn(&Hazard) -> &Rating) -> Self {
        let counts =
            policy.acceptability.iter().map(|entry| RiskCount { risk: entry.risk, hazards: Vec::new() });
        let mut distribution = Self { by_risk: counts.collect(), ..Self::default() };
        for hazard in hazards {
            distribution.add(&hazard.key, rating(hazard));
        }
        distribution
    }

    fn add(&mut self, key: &str, rating: &Rating) {
        let (Some(risk), Some(severity), Some(likelihood)) =
            (rating.risk, &rating.severity, &rating.likelihood)
        else {
            self.unrated.push(key.to_owned());
            return;
        };
        if let Some(count) = self.by_risk.iter_mut().find(|count| count.risk == risk) {
            count.hazards.push(key.to_owned());
        }
        let cell =
            self.cells.iter_mut().find(|cell| cell.severity == *severity && cell.likelihood == *likelihood);
        match cell {
            Some(cell) => cell.hazards.push(key.to_owned()),
            None => self.cells.push(Cell {
                severity: severity.clone(),
                likelihood: likelihood.clone(),
                risk,
                hazards: vec![key.to_owned()],
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{self, Fixture, inverted};
    use crate::case::hazard::Rating;

    fn position(spoil: impl FnOnce(&mut Fixture)) -> RiskPosition {
        RiskPosition::of(&Fixture::with(spoil).case)
    }

    #[test]
    fn a_case_of_one_matrix_has_one_position() {
        let position = position(|_| {});
        assert_eq!(position.matrices.len(), 1);
        let matrix = &position.matrices[0];
        assert_eq!((matrix.policy.as_str(), matrix.hazards, matrix.worst_residual), ("nhs", 2, Some(3)));
        assert_eq!(matrix.change, position.change);
        assert_eq!(matrix.residual.by_risk[2].hazards, ["H01", "H02"]);
    }

    #[test]
    fn where_1_is_the_worst_a_rising_number_is_a_falling_risk() {
        let position = position(|fixture| {
            let policy = inverted();
            fixture.hazard().initial = Rating::new(Some("Severe"), Some("Often"), None, &policy);
            fixture.hazard().residual = Rating::new(Some("Slight"), Some("Often"), None, &policy);
            fixture.case.risk_policies.push(policy);
        });
        let policies: Vec<&str> = position.matrices.iter().map(|matrix| matrix.policy.as_str()).collect();
        assert_eq!(policies, ["nhs", "inverted"]);
        let matrix = &position.matrices[1];
        assert_eq!(matrix.change, Change { reduced: 1, ..Change::default() });
        assert_eq!((matrix.initial.by_risk[0].risk, matrix.worst_residual), (4, Some(3)));
        assert_eq!(position.change, Change { reduced: 1, unchanged: 1, ..Change::default() });
    }

    #[test]
    fn no_hazard_leaves_the_main_matrix_empty() {
        let position = position(|fixture| {
            fixture.case.hazard_log.hazards.clear();
            fixture.case.risk_policies.push(testing::inverted());
        });
        assert_eq!(position.matrices.len(), 1);
        assert_eq!(position.matrices[0].hazards, 0);
    }
}
