//! Intake: files in, a [`Case`] out, and for every value the place that it came from.

pub mod approvals;
mod as_of;
pub mod batch_file;
pub mod clause_table;
pub mod compliance;
pub mod error;
pub mod evidence;
pub mod files;
pub mod folder;
pub mod hazard_log;
pub mod init;
pub mod issues;
pub(crate) mod json_input;
pub mod manifest;
pub mod narrative;
pub mod outside_report;
pub mod psa;
pub mod received;
pub mod reread;
pub mod risk_assessment;
mod risk_policy;
pub mod schema;
pub mod submission;
pub mod suggestion;
pub mod supplement;
pub mod tom;
pub mod toml_input;
pub mod waivers;
pub mod workbook;

use crate::case::approval::Approval;
use crate::case::issue::Issue;
use crate::case::observation::Observation;
use crate::case::snapshot::Snapshots;
use crate::case::{Case, Date, Provenance};

pub use error::InputError;

/// What a reader gives: the value, the place of each part of it, and what was noticed on the way.
pub type Reading<T> = (T, Provenance, Vec<Observation>);

/// A case folder as it was read.
#[derive(Debug, Clone)]
pub struct LoadedCase {
    pub case: Case,
    pub provenance: Provenance,
    pub observations: Vec<Observation>,
    pub approvals: Vec<Approval>,
    /// The copies of the case that the approvals name.
    pub snapshots: Snapshots,
    /// The versions of the report that were issued, the oldest first.
    pub issues: Vec<Issue>,
    pub as_of: Date,
    /// The other files of the case, as case.toml names them.
    pub inputs: manifest::Inputs,
    /// What is sent with the case.
    pub submission: submission::Submission,
    /// The hazard log and other inputs as they were given, to be attached to the report.
    pub sources: Vec<SourceFile>,
}

/// An input file, kept byte for byte.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path as the case folder names it, with `/` between its parts.
    pub path: String,
    pub mime: &'static str,
    pub description: String,
    pub bytes: Vec<u8>,
}
