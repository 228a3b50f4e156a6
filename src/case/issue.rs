//! Issues: the versions of the report that were given out, each with the content that it had.
//!
//! A version that was issued says one thing for good. What is issued is kept under `history/`; that the case still
//! says it is for assurance to judge.

use super::Date;
use super::approval::ApprovedDocument;
use serde::Deserialize;

/// An issue of the report, from its `issue.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// Version of the report.
    pub version: String,
    /// Day of issue.
    pub date: Date,
    /// What changed.
    pub summary: Option<String>,
    /// Version of the hazard log in it.
    pub hazard_log_version: Option<String>,
    /// How many hazards that has.
    pub hazards: usize,
    /// Day that the findings are judged by.
    pub as_of: Date,
    /// Version of the engine that issued it.
    pub engine_version: String,
    /// Path of the canonical case, from the case folder.
    pub case: String,
    /// SHA-256 of `findings.json` beside it.
    pub findings_sha256: String,
    /// Content digests of the documents.
    pub content_digests: ContentDigests,
}

/// The content digests as an issue names them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ContentDigests {
    pub cscr: String,
    pub hazard_log: String,
    pub plan: String,
    pub tom: String,
}

impl ContentDigests {
    /// The digest of one document.
    #[must_use]
    pub fn document(&self, document: ApprovedDocument) -> &str {
        match document {
            ApprovedDocument::Cscr => &self.cscr,
            ApprovedDocument::HazardLog => &self.hazard_log,
            ApprovedDocument::Plan => &self.plan,
            ApprovedDocument::Tom => &self.tom,
        }
    }
}

impl Issue {
    /// The version that a document had in this issue; the plan and the TOM are issued by themselves.
    #[must_use]
    pub fn version_of(&self, document: ApprovedDocument) -> Option<&str> {
        match document {
            ApprovedDocument::Cscr => Some(&self.version),
            ApprovedDocument::HazardLog => self.hazard_log_version.as_deref(),
            ApprovedDocument::Plan | ApprovedDocument::Tom => None,
        }
    }
}
