//! Whether what is attached to a report is what the report says that people approved.
//!
//! A signature covers a whole file, so it proves that the parts of the file belong together. It does not prove that
//! they agree: that the attached case has the digests that the report states, and that the approvals on which it was
//! released name these.

use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::digest::Digests;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What was compared, and how it came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Whether each document of the attached case has the digest that the report states.
    pub digests: Vec<DigestAgreement>,
    /// The recorded approvals.
    pub approvals: Vec<ApprovalAgreement>,
    /// What does not agree, each in a sentence.
    pub faults: Vec<String>,
}

/// The digest of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DigestAgreement {
    pub document: ApprovedDocument,
    pub stated: Option<String>,
    /// That of the attached case.
    pub attached: Option<String>,
}

/// One recorded approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApprovalAgreement {
    pub document: ApprovedDocument,
    pub person: String,
    pub date: String,
    /// Whether it is of the content that the attached case has; if not, the approval is stale.
    pub is_of_this_content: bool,
}

impl DigestAgreement {
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.stated.is_some() && self.stated == self.attached
    }
}

/// Holds the attached case against what the report says: its digests, and the approvals on which it counts. Of a
/// report that is no draft, each signatory has approved this very content.
#[must_use]
pub fn agreement(
    case: Option<&Value>,
    stated: &BTreeMap<String, String>,
    approvals: &[Approval],
    signatories: &[&str],
    is_draft: bool,
) -> Agreement {
    let attached = case.map(Digests::of_json);
    let digests: Vec<DigestAgreement> = ApprovedDocument::ALL
        .into_iter()
        .map(|document| DigestAgreement {
            document,
            stated: stated.get(&document.key().replace('-', "_")).cloned(),
            attached: attached.as_ref().map(|digests| digests.document(document).to_owned()),
        })
        .collect();
    let is_of_this_content = |approval: &Approval| {
        let digest = digests.iter().find(|digest| digest.document == approval.document);
        digest.is_some_and(|digest| digest.attached.as_ref() == Some(&approval.content_digest))
    };
    let mut faults = digest_faults(case, &digests);
    if !is_draft {
        for person in signatories {
            let has_approved = approvals.iter().any(|approval| {
                approval.document == ApprovedDocument::Cscr
                    && approval.person == *person
                    && approval.withdrawn.is_none()
                    && is_of_this_content(approval)
            });
            if !has_approved {
                faults.push(format!(
                    "The report is no draft, and no recorded approval of {person} is of its content."
                ));
            }
        }
    }
    let approvals = approvals.iter().map(|approval| ApprovalAgreement {
        document: approval.document,
        person: approval.person.clone(),
        date: approval.date.to_string(),
        is_of_this_content: is_of_this_content(approval),
    });
    Agreement { approvals: approvals.collect(), digests, faults }
}

fn digest_faults(case: Option<&Value>, digests: &[DigestAgreement]) -> Vec<String> {
    if case.is_none() {
        return vec!["The case is not attached to the report, or cannot be read there.".to_owned()];
    }
    let differing = digests.iter().filter(|digest| !digest.agrees());
    differing
        .map(|digest| {
            format!("The attached case has another {} than the report says.", digest.document.name())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stated(case: &Value) -> BTreeMap<String, String> {
        let digests = Digests::of_json(case);
        ApprovedDocument::ALL
            .into_iter()
            .map(|document| (document.key().replace('-', "_"), digests.document(document).to_owned()))
            .collect()
    }

    fn approval(person: &str, digest: &str) -> Approval {
        let approval = json!({
            "document": "cscr", "person": person, "date": "2026-09-14", "content_digest": digest,
        });
        serde_json::from_value(approval).unwrap()
    }

    fn case() -> Value {
        json!({ "hazard_log": { "hazards": [{ "key": "H01", "name": "Wrong patient" }] }, "plan": {}, "tom": {} })
    }

    #[test]
    fn a_case_as_the_report_says_agrees() {
        let (case, stated) = (case(), stated(&case()));
        let approvals = [approval("ada", &stated["cscr"]), approval("ben", "old")];
        let all = agreement(Some(&case), &stated, &approvals, &["ada"], false);
        assert_eq!(all.faults, [""; 0]);
        assert_eq!(all.approvals.iter().map(|own| own.is_of_this_content).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn another_case_or_none_does_not() {
        let stated = stated(&case());
        let mut other = case();
        other["hazard_log"]["hazards"][0]["name"] = json!("Nothing much");
        let all = agreement(Some(&other), &stated, &[], &[], true);
        assert_eq!(
            all.faults,
            [
                "The attached case has another report than the report says.",
                "The attached case has another hazard log than the report says.",
            ]
        );
        assert_eq!(agreement(None, &stated, &[], &[], true).faults.len(), 1);
    }

    #[test]
    fn whoever_signs_a_release_has_approved_it() {
        let (case, stated) = (case(), stated(&case()));
        let stale = [approval("ada", "another")];
        let faults = agreement(Some(&case), &stated, &stale, &["ada"], false).faults;
        assert_eq!(faults, ["The report is no draft, and no recorded approval of ada is of its content."]);
        assert!(
            agreement(Some(&case), &stated, &stale, &["ada"], true).faults.is_empty(),
            "of a draft nobody says so"
        );
    }
}
