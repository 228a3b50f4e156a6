//! The canonical form of a case, and the digests over it.

use super::Case;
use super::approval::ApprovedDocument;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Canonical JSON: keys sorted, no clock, no machine paths, UTF-8, one line feed at the end.
///
/// # Panics
/// Never: every value of the domain has a JSON form.
#[must_use]
pub fn canonical_json<T: Serialize>(value: &T) -> String {
    // serde_json's map is a BTreeMap, so going through `Value` sorts the keys.
    let value = serde_json::to_value(value).expect("the domain has a JSON form");
    let mut text = serde_json::to_string_pretty(&value).expect("a JSON value can be written");
    text.push('\n');
    text
}

/// SHA-256 as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The content digest of a document: over what that document asserts.
///
/// The status, the revision history and the approvers' and reviewers' dates are outside it, so that
/// approving a document does not change what was approved.
#[must_use]
pub fn content_digest(document: ApprovedDocument, case: &Case) -> String {
    let content = match document {
        ApprovedDocument::Cscr => canonical_json(&Content::of(case)),
        ApprovedDocument::HazardLog => canonical_json(&HazardLogContent {
            version: case.hazard_log.version.as_deref(),
            risk_policy: &case.risk_policy,
            hazards: &case.hazard_log.hazards,
            retired: &case.hazard_log.retired,
        }),
        ApprovedDocument::Plan => canonical_json(&(&case.plan, &case.risk_policy)),
        ApprovedDocument::Tom => canonical_json(&case.tom),
    };
    sha256_hex(content.as_bytes())
}

#[derive(Serialize)]
struct HazardLogContent<'a> {
    version: Option<&'a str>,
    risk_policy: &'a super::matrix::RiskPolicy,
    hazards: &'a [super::hazard::Hazard],
    retired: &'a [super::hazard_log::RetiredHazard],
}

/// A case without what approving and issuing change.
#[derive(Serialize)]
#[serde(transparent)]
struct Content(Case);

impl Content {
    fn of(case: &Case) -> Self {
        let mut case = case.clone();
        let undated = |signatories: &mut Vec<super::document::Signatory>| {
            for signatory in signatories {
                signatory.date = None;
            }
        };
        case.document.status = None;
        case.document.revisions.clear();
        undated(&mut case.document.reviewers);
        undated(&mut case.document.approvers);
        case.hazard_log.status = None;
        case.hazard_log.revisions.clear();
        undated(&mut case.hazard_log.reviewers);
        undated(&mut case.hazard_log.approvers);
        Self(case)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_sorts_keys() {
        #[derive(Serialize)]
        struct Unsorted {
            b: u8,
            a: u8,
        }
        assert_eq!(canonical_json(&Unsorted { b: 1, a: 2 }), "{\n  \"a\": 2,\n  \"b\": 1\n}\n");
    }

    #[test]
    fn sha256_is_the_published_one() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
