//! Approvals: who approved which version of which document, with which content.
//!
//! The engine carries approvals in and checks them. It never makes one.

use super::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A document that somebody can approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApprovedDocument {
    Cscr,
    HazardLog,
    Plan,
    Tom,
}

/// A recorded approval, from `approvals.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    pub document: ApprovedDocument,
    /// Id of the person who approved.
    pub person: String,
    pub date: Date,
    pub version: Option<String>,
    /// Content digest of the document that was approved: SHA-256, 64 hexadecimal digits.
    pub content_digest: String,
    pub statement: Option<String>,
}
