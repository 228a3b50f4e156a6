//! A report that was not made by this engine, given to be checked against the hazard log.
//!
//! The case asserts which report it was, by name and digest; what it says is another document's. So its text is
//! read by the checks, and stays out of the canonical form: an approval covers it through the digest, and
//! neither its names nor its wording end in what a PDF carries.

use serde::Serialize;

/// Path of the outside report, as provenance has it.
pub const PATH: &str = "outside_report";

/// A report as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutsideReport {
    /// File in the case folder.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// What it says; a form feed ends a page.
    #[serde(skip)]
    pub text: String,
}
