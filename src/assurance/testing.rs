//! A small, complete and faultless case to spoil one thing of: what the tests of every check begin with.
//!
//! How a test asks is here; the case is in `case`, hazards and what belongs to them in `hazard`, what else a case
//! is made of in `parts`, and how every hazard of it is spoilt in `faulty`.

mod case;
mod faulty;
mod hazard;
mod parts;

pub use case::{case, large_case};
pub use faulty::spoil;
pub use hazard::{acceptance, control, hazard, inverted, rating};
pub use parts::{
    approval, date, discussion, interface, issue, item, kept, observation, received, retired, revision,
    session, signatory, some, tom, waiver, without_its_file,
};

use super::finding::Finding;
use super::{Subject, assure, import_findings};
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::hazard::Hazard;
use crate::case::issue::Issue;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::outside_report::OutsideReport;
use crate::case::snapshot::Snapshots;
use crate::case::{Case, Place, Provenance};

/// A case with what is read beside it.
pub struct Fixture {
    pub case: Case,
    pub provenance: Provenance,
    pub observations: Vec<Observation>,
    pub approvals: Vec<Approval>,
    pub snapshots: Snapshots,
    pub issues: Vec<Issue>,
}

impl Fixture {
    /// Complete and faultless; nobody has approved it.
    pub fn new() -> Self {
        Self {
            case: case(),
            provenance: provenance(),
            observations: Vec::new(),
            approvals: Vec::new(),
            snapshots: Snapshots::default(),
            issues: Vec::new(),
        }
    }

    /// The same, with every approval.
    pub fn approved() -> Self {
        Self::new().with_approvals()
    }

    /// This case, approved as it is now.
    pub fn with_approvals(self) -> Self {
        Self { approvals: Self::approvals_of(&self.case), ..self }
    }

    /// Every approval that a case needs, of its content as it is.
    pub fn approvals_of(case: &Case) -> Vec<Approval> {
        [ApprovedDocument::Cscr, ApprovedDocument::HazardLog]
            .map(|document| approval(case, document, "cso"))
            .into()
    }

    /// The same, with one thing spoilt.
    pub fn with(spoil: impl FnOnce(&mut Self)) -> Self {
        let mut fixture = Self::new();
        spoil(&mut fixture);
        fixture
    }

    pub fn observing(kind: ObservationKind) -> Self {
        Self::with(|fixture| fixture.observations.push(observation(kind)))
    }

    pub fn subject(&self) -> Subject<'_> {
        Subject {
            case: &self.case,
            provenance: &self.provenance,
            observations: &self.observations,
            approvals: &self.approvals,
            snapshots: &self.snapshots,
            issues: &self.issues,
            as_of: date("2026-09-14"),
        }
    }

    /// Findings of one check.
    pub fn findings(&self, check: &str) -> Vec<Finding> {
        let findings = assure(&self.subject()).findings;
        findings.into_iter().filter(|finding| finding.check == check).collect()
    }

    /// Messages of one check.
    pub fn messages(&self, check: &str) -> Vec<String> {
        self.findings(check).into_iter().map(|finding| finding.message).collect()
    }

    /// Findings on the hazard log alone.
    pub fn imported(&self) -> Vec<Finding> {
        let Self { case, provenance, observations, .. } = self;
        import_findings(&case.hazard_log, observations, provenance, &case.risk_policy)
    }

    /// The first hazard.
    pub fn hazard(&mut self) -> &mut Hazard {
        &mut self.case.hazard_log.hazards[0]
    }
}

/// The faultless case does not make this check fire.
#[track_caller]
pub fn silent(check: &str) {
    assert_eq!(
        Fixture::approved().messages(check),
        Vec::<String>::new(),
        "{check} fires on a faultless case"
    );
}

/// The check says exactly this of the spoilt case, and nothing of the faultless one.
#[track_caller]
pub fn fires(check: &str, spoil: impl FnOnce(&mut Fixture), message: &str) {
    silent(check);
    assert_eq!(Fixture::with(spoil).messages(check), [message], "{check}");
}

/// A case with this narrative.
pub fn telling(text: &str) -> impl FnOnce(&mut Fixture) {
    let text = text.to_owned();
    move |fixture| drop(fixture.case.narrative.insert("introduction".to_owned(), text))
}

/// A case with this outside report.
pub fn outside(text: &str) -> impl FnOnce(&mut Fixture) {
    let report = OutsideReport { file: "old.txt".to_owned(), sha256: "0".repeat(64), text: text.to_owned() };
    move |fixture| fixture.case.outside_report = Some(report)
}

/// The check turns this observation into a finding.
#[track_caller]
pub fn fires_on_observation(check: &str, kind: ObservationKind) {
    silent(check);
    let findings = Fixture::observing(kind).findings(check);
    assert_eq!(findings.len(), 1, "{check}");
    assert_eq!(findings[0].message, "Something was noticed.");
    assert_eq!(findings[0].source, observation(kind).place);
}

/// The rows of a log are 2 for H01, 3 for H02; severity and so on stand in G to I and N to P.
fn provenance() -> Provenance {
    let mut provenance = Provenance::default();
    let columns = [
        ("", "A"),
        ("/name", "B"),
        ("/initial/severity", "G"),
        ("/initial/likelihood", "H"),
        ("/initial/risk", "I"),
        ("/residual/severity", "N"),
        ("/residual/likelihood", "O"),
        ("/residual/risk", "P"),
    ];
    for (key, row) in [("H01", 2), ("H02", 3)] {
        for (path, column) in columns {
            let cell = format!("{column}{row}");
            provenance.record(format!("hazards/{key}{path}"), Place::cell("log.xlsx", "Hazard Log", cell));
        }
    }
    provenance.record("case", Place::file("case.toml"));
    provenance.record("psa/PSA-1", Place::file("psa/1.toml"));
    provenance
}
