//! What changed since an approval that has gone stale: the case as it is now against the copy that was kept with it.

use crate::assurance::Subject;
use crate::case::approval::Approval;
use crate::case::digest::{Digests, content};
use crate::change::Changes;
use serde_json::Value;
use std::cell::OnceCell;

/// A case as it is now. Its JSON is made where something has to be compared with it, and once.
pub(super) struct Present<'a> {
    pub subject: Subject<'a>,
    json: OnceCell<Value>,
}

impl<'a> Present<'a> {
    pub fn of(subject: &Subject<'a>) -> Self {
        Self { subject: *subject, json: OnceCell::new() }
    }

    /// What changed in the approved document since, or why that is not known.
    pub fn changes_since(&self, record: &Approval) -> Result<Changes, &'static str> {
        let path = record.content.as_deref().ok_or(NOT_KEPT)?;
        let approved = self.subject.snapshots.case(path).ok_or(NOT_THERE)?;
        if Digests::of_json(&approved).document(record.document) != record.content_digest {
            return Err(OF_OTHER_CONTENT);
        }
        let now = self.json.get_or_init(|| serde_json::to_value(self.subject.case).unwrap_or_default());
        Ok(Changes::between(&content(record.document, &approved), &content(record.document, now)))
    }
}

const NOT_KEPT: &str = "What changed since is not known: no copy of what was approved was kept.";
const NOT_THERE: &str =
    "What changed since is not known: the copy that was kept of what was approved is gone, or was altered.";
const OF_OTHER_CONTENT: &str =
    "What changed since is not known: the copy that was kept is not of the content that the approval names.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::ApprovalState;
    use crate::assurance::approvals::Approvals;
    use crate::assurance::testing::Fixture;
    use crate::case::digest::canonical_json;
    use crate::case::snapshot;

    /// Approved, with a kept copy, and changed since.
    fn stale() -> Fixture {
        let mut fixture = Fixture::approved();
        let json = canonical_json(&fixture.case);
        let path = snapshot::address(&json);
        for record in &mut fixture.approvals {
            record.content = Some(path.clone());
        }
        assert!(fixture.snapshots.keep(&path, json));
        fixture.hazard().owner = Some("Somebody else".to_owned());
        fixture.case.phase = Some("Another".to_owned());
        fixture
    }

    fn states(fixture: &Fixture) -> Vec<ApprovalState> {
        Approvals::of(&fixture.subject(), &Digests::of(&fixture.case)).into_states()
    }

    #[test]
    fn a_stale_approval_says_what_changed_in_its_document() {
        let states = states(&stale());
        let [report, log] = &states[..] else { panic!("{states:?}") };
        assert_eq!(report.changed_since.len(), 2, "{:?}", report.changed_since);
        assert!(report.changed_since[0].starts_with("H01: owner "), "{:?}", report.changed_since);
        assert_eq!(log.changed_since, report.changed_since[..1], "the phase is none of the log's");
        assert_eq!(log.changes.as_ref().map(|changes| changes.changed[0].id.as_str()), Some("H01"));
    }

    #[test]
    fn without_a_copy_that_can_be_trusted_it_says_that() {
        let mut fixture = stale();
        fixture.approvals[0].content = None;
        fixture.approvals[1].content = Some("history/cases/gone.json".to_owned());
        let said: Vec<_> = states(&fixture).into_iter().map(|state| state.changed_since).collect();
        assert_eq!(said, [vec![NOT_KEPT.to_owned()], vec![NOT_THERE.to_owned()]]);
        let mut fixture = stale();
        fixture.approvals[0].content_digest = "0".repeat(64);
        assert_eq!(states(&fixture)[0].changed_since, [OF_OTHER_CONTENT]);
    }

    #[test]
    fn an_approval_that_stands_has_nothing_to_say() {
        let fixture = Fixture::approved();
        assert!(states(&fixture).iter().all(|state| state.changed_since.is_empty()));
    }
}
