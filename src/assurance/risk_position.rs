//! The risk position: what the ratings add up to. Computed; it stands beside the CSO's own statement and
//! never replaces it.

use crate::case::Case;
use crate::case::hazard::{HazardState, Rating};
use serde::Serialize;

/// Counts and places of all hazards on the matrix, before and after control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RiskPosition {
    pub initial: Distribution,
    pub residual: Distribution,
    /// Hazards whose residual risk is lower than, the same as, or higher than the initial one.
    pub reduced: usize,
    pub unchanged: usize,
    pub increased: usize,
    /// Hazards of which one of the two risks is not known.
    pub not_comparable: usize,
    pub open: usize,
    pub closed: usize,
    pub transferred: usize,
    /// Hazards with another status, or with none.
    pub status_not_given: usize,
    /// Highest residual risk, where any is known.
    pub worst_residual: Option<u8>,
}

/// Hazards by risk and by cell of the matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Distribution {
    /// A row a risk score of the policy, from the lowest; every score is listed.
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
        let compared = |wanted: std::cmp::Ordering| {
            hazards
                .iter()
                .filter(|hazard| {
                    hazard
                        .residual
                        .risk
                        .zip(hazard.initial.risk)
                        .is_some_and(|(after, before)| after.cmp(&before) == wanted)
                })
                .count()
        };
        let (reduced, unchanged, increased) = (
            compared(std::cmp::Ordering::Less),
            compared(std::cmp::Ordering::Equal),
            compared(std::cmp::Ordering::Greater),
        );
        let in_state = |state: HazardState| hazards.iter().filter(|hazard| hazard.state == state).count();
        Self {
            initial: Distribution::of(case, |hazard| &hazard.initial),
            residual: Distribution::of(case, |hazard| &hazard.residual),
            reduced,
            unchanged,
            increased,
            not_comparable: hazards.len() - reduced - unchanged - increased,
            open: in_state(HazardState::Open),
            closed: in_state(HazardState::Closed),
            transferred: in_state(HazardState::Transferred),
            status_not_given: in_state(HazardState::Other) + in_state(HazardState::NotGiven),
            worst_residual: hazards.iter().filter_map(|hazard| hazard.residual.risk).max(),
        }
    }
}

impl Distribution {
    fn of(case: &Case, rating: impl Fn(&crate::case::hazard::Hazard) -> &Rating) -> Self {
        let mut distribution = Self {
            by_risk: case
                .risk_policy
                .acceptability
                .iter()
                .map(|entry| RiskCount { risk: entry.risk, hazards: Vec::new() })
                .collect(),
            ..Self::default()
        };
        for hazard in &case.hazard_log.hazards {
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
