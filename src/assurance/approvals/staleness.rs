//! What changed since an approval that has gone stale: the case as it is now against the copy that was kept with it.

use crate::assurance::Subject;
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::digest::content;
use crate::change::Changes;
use serde_json::Value;
use std::cell::OnceCell;

/// A case as it is now. Its JSON is made where something has to be compared with it, and once.
pub(in crate::assurance) struct Present<'a> {
    pub subject: Subject<'a>,
    json: OnceCell<Value>,
}

impl<'a> Present<'a> {
    pub fn of(subject: &Subject<'a>) -> Self {
        Self { subject: *subject, json: OnceCell::new() }
    }

    /// What changed in the approved document since, or why that is not known.
    pub fn changes_since(&self, record: &Approval) -> Result<Changes, &'static str> {
        self.changes(record.document, record.content.as_deref().ok_or(NOT_KEPT)?).ok_or(NOT_THERE)
    }

    /// What changed in a document since a snapshot, where that is there.
    pub fn changes(&self, document: ApprovedDocument, snapshot: &str) -> Option<Changes> {
        let then = self.subject.snapshots.case(snapshot)?;
        let now = self.json.get_or_init(|| serde_json::to_value(self.subject.case).unwrap_or_default());
        Some(Changes::between(&content(document, &then), &content(document, now)))
    }
}

/// Changes, as far as they fit into a sentence: the first, and how many there are more.
pub(in crate::assurance) fn told(changes: &Changes) -> String {
    const TOLD: usize = 4;
    let words = changes.words();
    let told = words.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join("; ");
    match words.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told}; and {more} more"),
    }
}

const NOT_KEPT: &str = "What changed since is not known: no copy of what was approved was kept.";
const NOT_THERE: &str =
    "What changed since is not known: the copy that was kept of what was approved is gone, or was altered.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::ApprovalState;
    use crate::assurance::approvals::Approvals;
    use crate::assurance::testing::Fixture;
    use crate::case::digest::{Digests, canonical_json};
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
    }

    #[test]
    fn an_approval_that_stands_has_nothing_to_say() {
        let fixture = Fixture::approved();
        assert!(states(&fixture).iter().all(|state| state.changed_since.is_empty()));
    }
}
