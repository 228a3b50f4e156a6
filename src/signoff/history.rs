//! The history of a case: what was issued, kept under `history/`.
//!
//! ```text
//! history/cases/SHA-256.json    a canonical case, named by the digest of its bytes; issues and approvals name it
//! history/1.0/issue.toml        version, date, summary, content digests; names the case and the findings
//! history/1.0/findings.json     what was found when it was issued
//! ```
//!
//! What is read here is held against its digest first. A copy that was altered is said and not used.

use crate::assurance::version;
use crate::case::digest::{Digests, sha256_hex};
use crate::case::{Place, snapshot};
use crate::intake::InputError;
use crate::intake::files::CaseFolder;
use serde_json::Value;

pub use crate::case::issue::Issue;
pub use crate::intake::issues::{FOLDER, ISSUE, all as issues};

/// The issue of this version, however the version is written.
pub fn issue(folder: &CaseFolder, wanted: &str) -> Result<Issue, InputError> {
    let issues = issues(folder)?;
    let known: Vec<&str> = issues.iter().map(|issue| issue.version.as_str()).collect();
    let hint = match &known[..] {
        [] => "issue the report first, with `cscr issue`".to_owned(),
        known => format!("the issues are {}", known.join(", ")),
    };
    let found = issues.iter().find(|issue| version::same(&issue.version, wanted)).cloned();
    found.ok_or_else(|| {
        InputError::new(format!("There is no issue of version {wanted}")).at(Place::file(FOLDER)).hint(hint)
    })
}

/// The canonical case of an issue, held against the digests that the issue names.
pub fn case_of(folder: &CaseFolder, issue: &Issue) -> Result<Value, InputError> {
    let case = case_at(folder, &issue.case)?;
    if Digests::of_json(&case).cscr == issue.content_digests.cscr {
        return Ok(case);
    }
    Err(altered(&issue.case, "is not the case of the issue that names it"))
}

/// What was found when the report was issued, as JSON.
pub fn findings_of(folder: &CaseFolder, issue: &Issue) -> Result<Value, InputError> {
    let path = format!("{FOLDER}/{}/findings.json", issue.version);
    let text = folder.read_text(&path)?;
    if sha256_hex(text.as_bytes()) == issue.findings_sha256 {
        return parsed(&path, &text);
    }
    Err(altered(&path, "was altered since it was kept, and is not used"))
}

/// A kept canonical case, by its path from the case folder.
pub fn case_at(folder: &CaseFolder, path: &str) -> Result<Value, InputError> {
    let text = String::from_utf8(folder.read_bytes(path)?).unwrap_or_default();
    if snapshot::is_intact(path, &text) {
        return parsed(path, &text);
    }
    Err(altered(path, "was altered since it was kept, and is not used"))
}

fn parsed(path: &str, text: &str) -> Result<Value, InputError> {
    serde_json::from_str(text).map_err(|_| altered(path, "is not JSON"))
}

fn altered(path: &str, fault: &str) -> InputError {
    InputError::new(format!("\"{path}\" {fault}"))
        .at(Place::file(path))
        .hint("put it back as it was, from the document store or a backup")
}
