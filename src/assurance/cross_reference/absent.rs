//! Evidence that is named and not there.

use crate::assurance::Subject;
use crate::case::Place;
use crate::case::hazard::{Control, Evidence};
use crate::case::observation::ObservationKind;
use std::collections::{BTreeSet, HashSet};

/// Ids of the evidence whose file does not exist: until somebody supplies the file, it shows nothing.
#[derive(Debug, Default)]
pub struct AbsentEvidence<'a>(HashSet<&'a str>);

impl<'a> AbsentEvidence<'a> {
    /// Intake notes a missing file where the evidence names it.
    #[must_use]
    pub fn of(subject: &Subject<'a>) -> Self {
        let missing: BTreeSet<&Place> = subject
            .observations
            .iter()
            .filter(|observation| observation.kind == ObservationKind::MissingFile)
            .filter_map(|observation| observation.place.as_ref())
            .collect();
        let is_missing = |evidence: &Evidence| {
            let named_at = || subject.provenance.place(&format!("evidence/{}/file", evidence.id));
            let is_named = !missing.is_empty() && evidence.file.is_some();
            is_named && named_at().is_some_and(|place| missing.contains(&place))
        };
        let absent = subject.case.evidence.iter().filter(|evidence| is_missing(evidence));
        Self(absent.map(|evidence| evidence.id.as_str()).collect())
    }

    /// The evidence with this id is named, and not there.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.0.contains(id)
    }

    /// The evidence of a control that is not there.
    pub fn among<'b>(&self, control: &'b Control) -> impl Iterator<Item = &'b str> {
        control.evidence.iter().map(String::as_str).filter(|id| self.0.contains(id))
    }

    /// The evidence of a control that is there.
    pub fn without<'b>(&self, control: &'b Control) -> impl Iterator<Item = &'b str> {
        control.evidence.iter().map(String::as_str).filter(|id| !self.0.contains(id))
    }
}
