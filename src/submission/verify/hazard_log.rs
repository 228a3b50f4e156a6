//! The hazard log of a pack, held against the report.

use super::super::archive::Refused;
use super::super::log::{self, others_than};
use super::super::manifest::{FileEntry, Manifest};
use super::super::report::ReadReport;
use super::super::role::Role;
use super::{Opened, Verdict, VerifyRequest};
use std::collections::BTreeSet;
use std::io::{Read, Seek};

impl Verdict {
    pub(super) fn hazard_log<R: Read + Seek>(
        &mut self,
        pack: &mut Opened<R>,
        manifest: &Manifest,
        report: &ReadReport,
        request: &VerifyRequest<'_>,
    ) -> Result<(), Refused> {
        let Some((path, workbook)) = pack.of_role(manifest, Role::HazardLog)? else { return Ok(()) };
        let agreement = match log::held_against(&report.case, &path, workbook, &request.limits) {
            Ok(agreement) => agreement,
            Err(error) => {
                self.fault(format!("\"{path}\" cannot be read as a hazard log: {}.", error.what));
                return Ok(());
            }
        };
        agreement.faults.iter().for_each(|fault| self.fault(fault.clone()));
        let not_kept = if agreement.differences.is_empty() {
            BTreeSet::new()
        } else {
            match log::not_kept(&report.case, report.sign_off.as_of, &request.limits) {
                Ok(not_kept) => not_kept,
                Err(error) => {
                    self.fault(format!("\"{path}\" cannot be held against the report: {}.", error.what));
                    BTreeSet::new()
                }
            }
        };
        let (lost, changed): (Vec<_>, Vec<_>) =
            agreement.differences.iter().partition(|difference| not_kept.contains(*difference));
        for difference in changed {
            self.fault(format!("The hazard log says otherwise than the report: {difference}"));
        }
        if !lost.is_empty() {
            self.remarks.push(format!(
                "The columns of the NHS template do not hold all that the report says of the hazards. What is otherwise in the log ({}), and could not be the same:",
                lost.len()
            ));
            self.remarks.extend(lost.into_iter().map(|difference| format!("  {difference}")));
        }
        self.hazard_log = Some(agreement);
        Ok(())
    }

    /// Holds the log as it was given against what the report carries, byte for byte.
    pub(super) fn log_as_given(&mut self, manifest: &Manifest, report: &ReadReport) {
        let given: Vec<&FileEntry> = manifest.of_role(Role::HazardLogAsGiven).collect();
        match &report.attached {
            Some(attached) => {
                let (others, unread) = others_than(&given, attached);
                self.faults.extend(others);
                self.remarks.extend(unread);
            }
            None if given.is_empty() => {}
            None => self.remarks.push(
                "The report was built without its inputs, so the hazard log as it was given was held against nothing."
                    .to_owned(),
            ),
        }
    }
}
