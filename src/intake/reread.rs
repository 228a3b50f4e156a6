//! Reading a hazard log as if a case folder named it, to see what an export of that case's log has kept.

use super::InputError;
use super::files::CaseFolder;
use super::hazard_log::{self, LogFiles, RatedBy, ReadOptions};
use super::manifest::ResolvedManifest;
use super::supplement;
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use std::collections::BTreeMap;
use std::path::Path;

/// A hazard log in the place of a case's own.
#[derive(Debug, Clone)]
pub struct Reread {
    /// The log with what the supplement of the case adds to it.
    pub log: HazardLog,
    /// What of the supplement does not fit this log, if anything.
    pub unfit: Option<InputError>,
}

/// Reads a hazard log by the risk policies of a case folder, and with its supplement.
///
/// # Errors
/// If the folder is no case folder, or this is no hazard log.
pub fn in_case(folder: &Path, files: &LogFiles) -> Result<Reread, InputError> {
    let folder = CaseFolder::open(folder)?;
    let ResolvedManifest { case, inputs, .. } = ResolvedManifest::read(&folder)?;
    let path = inputs.supplement.as_deref();
    let supplement = path.map(|path| supplement::read(&folder, path)).transpose()?;
    let policies: Vec<RiskPolicy> = case.policies().cloned().collect();
    let others = match &supplement {
        Some(supplement) => supplement::policies(supplement, &policies)?,
        None => BTreeMap::new(),
    };
    let rated_by = RatedBy::new(&case.risk_policy, others);
    let mut log = hazard_log::read_files(files, &ReadOptions::default(), &rated_by)?.log;
    let unfit = supplement.and_then(|supplement| supplement::apply(&supplement, &mut log).err());
    Ok(Reread { log, unfit })
}
