//! Sign-off: the approval of content by people, the issues of a report, and the history that both leave.
//!
//! ```text
//! check -> issue -> approve -> build --release -> sign
//! ```
//!
//! What is here decides and words; it reads a case folder but never writes one. A command shows what there is to
//! approve or issue, and writes the files that it is given. Nothing here approves by itself: whoever calls
//! [`approve::propose`] has been told by a person to record that person's approval.

pub mod agreement;
pub mod approve;
pub mod history;
pub mod issue;
pub mod log;
pub mod record;
pub mod sides;

use crate::assurance::Subject;
use crate::intake::LoadedCase;
use std::fmt;

/// Why something was not done: what stands in the way, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub what: String,
    pub hint: String,
}

impl Refusal {
    fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  do: {}", self.what, self.hint)
    }
}

impl std::error::Error for Refusal {}

/// A case folder that was read, as what is recorded of it is judged.
fn subject(loaded: &LoadedCase) -> Subject<'_> {
    Subject {
        case: &loaded.case,
        provenance: &loaded.provenance,
        observations: &loaded.observations,
        approvals: &loaded.approvals,
        snapshots: &loaded.snapshots,
        issues: &loaded.issues,
        as_of: loaded.as_of,
    }
}

/// A file that a case folder is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Path in the case folder, with `/` between its parts.
    pub path: String,
    pub text: String,
}
