//! The canonical form of a case, and the digests over it.

use super::Case;
use super::approval::ApprovedDocument;
use super::canonical::{self, Blank};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Canonical JSON: keys sorted, no clock, no machine paths, UTF-8, one line feed at the end.
#[must_use]
pub fn canonical_json<T: Serialize>(value: &T) -> String {
    String::from_utf8(canonical::write(value, &[])).unwrap_or_default()
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
/// What approving and issuing a document change is outside it, so that approving a document does not change
/// what was approved.
#[must_use]
pub fn content_digest(document: ApprovedDocument, case: &Case) -> String {
    let content = match document {
        ApprovedDocument::Cscr => canonical::write(case, CHANGED_BY_ISSUING),
        ApprovedDocument::HazardLog => {
            let content = HazardLogContent {
                version: case.hazard_log.version.as_deref(),
                risk_policies: case.policies().collect(),
                hazards: &case.hazard_log.hazards,
                retired: &case.hazard_log.retired,
            };
            canonical::write(&content, &[])
        }
        ApprovedDocument::Plan => canonical::write(&(&case.plan, case.policies().collect::<Vec<_>>()), &[]),
        ApprovedDocument::Tom => canonical::write(&case.tom, &[]),
    };
    sha256_hex(&content)
}

/// The status, the revision history, and the dates of the reviewers and approvers.
const CHANGED_BY_ISSUING: &[Blank] = &[
    (&["document", "status"], "null"),
    (&["document", "revisions"], "[]"),
    (&["document", "reviewers", "date"], "null"),
    (&["document", "approvers", "date"], "null"),
    (&["hazard_log", "status"], "null"),
    (&["hazard_log", "revisions"], "[]"),
    (&["hazard_log", "reviewers", "date"], "null"),
    (&["hazard_log", "approvers", "date"], "null"),
];

#[derive(Serialize)]
struct HazardLogContent<'a> {
    version: Option<&'a str>,
    risk_policies: Vec<&'a super::matrix::RiskPolicy>,
    hazards: &'a [super::hazard::Hazard],
    retired: &'a [super::hazard_log::RetiredHazard],
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
