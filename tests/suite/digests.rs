//! The content digests against a second way to work them out.

use crate::commands::sample;
use cscr::case::Case;
use cscr::case::digest::{Digests, sha256_hex};
use cscr::intake::folder;
use cscr::intake::workbook::Limits;

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
    serde_json::to_value(case).unwrap()
}

#[test]
fn the_digest_of_a_document_is_that_of_its_content() {
    for name in ["referral-hub", "faulty-log"] {
        let case = folder::load(&sample(name), None, &Limits::default()).unwrap().case;
        assert!(case.document.status.is_some() && !case.document.revisions.is_empty(), "{name}");
        let digest = |content: &serde_json::Value| sha256_hex(content.to_string().as_bytes());
        let mut content = content(&case);
        let hazards = content["hazard_log"]["hazards"].as_array().unwrap();
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
