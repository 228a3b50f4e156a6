//! The canonical form of a case, and the digests over it.

use super::Case;
use super::approval::ApprovedDocument;
use super::canonical::{self, Blank};
use super::hazard::Hazard;
use super::hazard_log::RetiredHazard;
use super::matrix::RiskPolicy;
use super::plan::RiskManagementPlan;
use crate::parallel::{each, shares};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Canonical JSON: keys sorted, no clock, no machine paths, UTF-8, one line feed at the end.
#[must_use]
pub fn canonical_json<T: Serialize>(value: &T) -> String {
    String::from_utf8(canonical::pretty(value)).unwrap_or_default()
}

/// SHA-256 as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The content digest of each document: SHA-256 over what that document asserts.
///
/// What approving and issuing a document change is outside it, so that approving a document does not change
/// what was approved. The content is compact JSON with sorted keys, in which the list of the hazards holds
/// the digest of each hazard in place of the hazard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digests {
    pub cscr: String,
    pub hazard_log: String,
    pub plan: String,
    pub tom: String,
}

impl Digests {
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let log = &case.hazard_log;
        let hazards = digests_of(&log.hazards);
        let in_place_of_hazards = serde_json::to_string(&hazards).unwrap_or_default();
        let mut blanks = CHANGED_BY_ISSUING.to_vec();
        blanks.push((&["hazard_log", "hazards"], &in_place_of_hazards));
        let (risk_policy, risk_policies) = (&case.risk_policy, &case.risk_policies);
        let plan = PlanContent { plan: &case.plan, risk_policy, risk_policies };
        let (version, retired) = (&log.version, &log.retired);
        Self {
            cscr: sha256_hex(&canonical::compact(case, &blanks)),
            hazard_log: digest_of(&LogContent { version, risk_policy, risk_policies, hazards, retired }),
            plan: digest_of(&plan),
            tom: digest_of(&case.tom),
        }
    }

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

#[derive(Serialize)]
struct LogContent<'a> {
    version: &'a Option<String>,
    risk_policy: &'a RiskPolicy,
    risk_policies: &'a [RiskPolicy],
    hazards: Vec<String>,
    retired: &'a [RetiredHazard],
}

#[derive(Serialize)]
struct PlanContent<'a> {
    plan: &'a Option<RiskManagementPlan>,
    risk_policy: &'a RiskPolicy,
    risk_policies: &'a [RiskPolicy],
}

fn digest_of<T: Serialize>(content: &T) -> String {
    sha256_hex(&canonical::compact(content, &[]))
}

/// The digest of each hazard: nearly all of a case is hazards.
fn digests_of(hazards: &[Hazard]) -> Vec<String> {
    each(&shares(hazards), |hazards| hazards.iter().map(digest_of).collect::<Vec<_>>()).concat()
}

/// The status, the revision history, and the dates of the reviewers and approvers.
const CHANGED_BY_ISSUING: &[Blank<'static>] = &[
    (&["document", "status"], "null"),
    (&["document", "revisions"], "[]"),
    (&["document", "reviewers", "date"], "null"),
    (&["document", "approvers", "date"], "null"),
    (&["hazard_log", "status"], "null"),
    (&["hazard_log", "revisions"], "[]"),
    (&["hazard_log", "reviewers", "date"], "null"),
    (&["hazard_log", "approvers", "date"], "null"),
];

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

    /// What a report asserts, put together value by value: recorded approvals name digests of this.
    fn content(case: &Case) -> serde_json::Value {
        let mut case = case.clone();
        case.document.status = None;
        case.document.revisions.clear();
        case.hazard_log.status = None;
        case.hazard_log.revisions.clear();
        let (document, log) = (&mut case.document, &mut case.hazard_log);
        for signatories in
            [&mut document.reviewers, &mut document.approvers, &mut log.reviewers, &mut log.approvers]
        {
            for signatory in signatories {
                signatory.date = None;
            }
        }
        serde_json::to_value(case).expect("a case has a JSON form")
    }

    #[test]
    fn the_digest_of_a_document_is_that_of_its_content() {
        for name in ["referral-hub", "faulty-log"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
            let case = crate::intake::folder::load(&folder, None).expect("the sample can be read").case;
            assert!(case.document.status.is_some() && !case.document.revisions.is_empty(), "{name}");
            let digest = |content: &serde_json::Value| sha256_hex(content.to_string().as_bytes());
            let mut content = content(&case);
            let hazards = content["hazard_log"]["hazards"].as_array().expect("a list");
            content["hazard_log"]["hazards"] = hazards.iter().map(digest).collect();
            let policies = (&content["risk_policies"], &content["risk_policy"]);
            let log = &content["hazard_log"];
            let log = serde_json::json!({
                "hazards": log["hazards"], "retired": log["retired"], "version": log["version"],
                "risk_policies": policies.0, "risk_policy": policies.1,
            });
            let plan = serde_json::json!({
                "plan": content["plan"], "risk_policies": policies.0, "risk_policy": policies.1,
            });
            let expected = Digests {
                cscr: digest(&content),
                hazard_log: digest(&log),
                plan: digest(&plan),
                tom: digest(&content["tom"]),
            };
            assert_eq!(Digests::of(&case), expected, "{name}");
        }
    }

    #[test]
    fn sha256_is_the_published_one() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
