//! The hazard log.

use super::InputError;
use super::workbook::Workbook;
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use crate::case::observation::Observation;
use crate::case::{Place, Provenance};

/// How the columns were understood.
#[derive(Debug, Clone, Default)]
pub struct Explanation {}

/// A hazard log as it was read.
#[derive(Debug, Clone)]
pub struct HazardLogInput {
    pub log: HazardLog,
    pub provenance: Provenance,
    pub observations: Vec<Observation>,
    pub explanation: Explanation,
}

/// Reads the hazards of a workbook.
pub fn read(workbook: &Workbook, _policy: &RiskPolicy) -> Result<HazardLogInput, InputError> {
    Err(InputError::new("hazard logs cannot be read on this branch").at(Place::file(&workbook.file)))
}
