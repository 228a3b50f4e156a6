//! The content digest against a second way to work it out.

use crate::commands::sample;
use cscr::case::Case;
use cscr::case::approval::ApprovedDocument;
use cscr::case::digest::{content_digest, sha256_hex};
use cscr::intake::folder;

/// What a report asserts, put together value by value: recorded approvals name digests of this.
fn content(case: &Case) -> String {
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
    let value = serde_json::to_value(case).unwrap();
    format!("{value:#}\n")
}

#[test]
fn the_digest_of_a_report_is_that_of_its_content() {
    for name in ["referral-hub", "faulty-log"] {
        let case = folder::load(&sample(name), None).unwrap().case;
        assert!(case.document.status.is_some() && !case.document.revisions.is_empty(), "{name}");
        let expected = sha256_hex(content(&case).as_bytes());
        assert_eq!(content_digest(ApprovedDocument::Cscr, &case), expected, "{name}");
    }
}
