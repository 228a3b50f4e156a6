//! Approvals: who approved which version of which document, with which content.
//!
//! The engine carries approvals in and checks them. A person makes one, by `cscr approve` or by hand; nothing else
//! does.

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

impl ApprovedDocument {
    pub const ALL: [Self; 4] = [Self::Cscr, Self::HazardLog, Self::Plan, Self::Tom];

    /// How files and commands name it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Cscr => "cscr",
            Self::HazardLog => "hazard-log",
            Self::Plan => "plan",
            Self::Tom => "tom",
        }
    }

    /// What it is called in a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cscr => "report",
            Self::HazardLog => "hazard log",
            Self::Plan => "clinical risk management plan",
            Self::Tom => "Target Operating Model",
        }
    }
}

/// A recorded approval, from `approvals.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// What was approved.
    pub document: ApprovedDocument,
    /// Id of the person who approved.
    pub person: String,
    /// Name of the person on that day.
    pub name: Option<String>,
    /// Role of the person on that day.
    pub role: Option<String>,
    /// Professional registration of the person on that day.
    pub registration: Option<ApproverRegistration>,
    /// Day of the approval.
    pub date: Date,
    /// Day on which it was recorded here; entries of before this was kept do not say.
    pub recorded: Option<Date>,
    /// Day on which the person took it back: from then on it is no approval, whatever day the case is judged by.
    pub withdrawn: Option<Date>,
    /// Why they did.
    pub withdrawn_because: Option<String>,
    /// Version that was approved, as text.
    pub version: Option<String>,
    /// Content digest of the document that was approved: SHA-256, 64 hexadecimal digits.
    pub content_digest: String,
    /// Copy of the case as it was approved: a file under `history/cases`, named by its own SHA-256.
    pub content: Option<String>,
    /// What the approver says.
    pub statement: Option<String>,
    /// How the approval was given, where it was not given at the command.
    pub means: Option<ApprovalMeans>,
    /// File that shows an approval that was given on paper, by e-mail or in a meeting.
    pub evidence: Option<ApprovalEvidence>,
}

/// The registration that an approver held when approving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproverRegistration {
    /// Body, such as `GMC`.
    pub body: String,
    /// Number with that body.
    pub number: Option<String>,
}

/// How an approval was given outside of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalMeans {
    /// Signed by hand, on paper.
    WetInk,
    /// Given in an e-mail.
    EMail,
    /// Given in a meeting, and in its minutes.
    Minutes,
}

impl ApprovalMeans {
    /// How files and commands name it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::WetInk => "wet-ink",
            Self::EMail => "e-mail",
            Self::Minutes => "minutes",
        }
    }

    /// To follow "given".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::WetInk => "by hand, on paper",
            Self::EMail => "by e-mail",
            Self::Minutes => "in a meeting",
        }
    }
}

/// The file that shows an approval, as it was when the approval was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalEvidence {
    /// Path of the file in the case folder.
    pub file: String,
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
}
