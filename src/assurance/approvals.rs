//! Which approvals are required, and what is recorded of each.
//!
//! Being named as an approver is a requirement and never an approval. A recorded approval counts for
//! exactly the content that it names by its digest: content that has changed since is not approved. One that
//! is dated after the date that the case is judged by is not given yet, and one that names another version
//! than the content bears contradicts itself: neither counts. Nor does a record that is void ([`Void`]): one that the
//! person took back, one that was altered, and one that was recorded under another name or registration than the
//! person now has, because an id may have passed to somebody else.

mod own_word;
mod recorded;
mod staleness;

pub use own_word::{Lack, may_sign_tom, plan_not_approved, tom_not_signed, tom_sign_off_open};
pub use recorded::{plan_approval, recorded};
pub(super) use staleness::{Present, told};

use super::{ApprovalRecord, ApprovalState, Given, Subject, Withdrawn, version};
use crate::case::Case;
use crate::case::approval::{Approval, ApprovalMeans, ApprovedDocument};
use crate::case::digest::Digests;
use crate::case::document::Signatory;
use crate::case::folding::folded;
use crate::case::person::{Person, Registration};

/// Checks whose findings are the missing approvals, which the status names one by one.
pub const CHECKS: [&str; 2] = ["F1", "F2"];

/// What stands where the name of the Clinical Safety Officer should.
const UNNAMED_CSO: &str = "(not named)";

/// The required approvals, those of the report first.
#[derive(Debug, Clone, PartialEq)]
pub struct Approvals(Vec<ApprovalState>);

impl Approvals {
    /// The report needs each of its named approvers and the CSO (2.2.2, 3.5.2); the hazard log needs the
    /// CSO (3.3.2).
    #[must_use]
    pub fn of(subject: &Subject<'_>, digests: &Digests) -> Self {
        let case = subject.case;
        let mut approvals: Vec<ApprovalState> =
            case.document.approvers.iter().map(|signatory| named(case, signatory)).collect();
        let cso_is_named = case.cso.is_some() && approvals.iter().any(|approval| approval.person == case.cso);
        if !cso_is_named {
            approvals.push(by_cso(case, ApprovedDocument::Cscr));
        }
        approvals.push(by_cso(case, ApprovedDocument::HazardLog));
        let present = Present::of(subject);
        for approval in &mut approvals {
            look_up(approval, &present, &Current::of(approval.document, case, digests));
        }
        Self(approvals)
    }

    pub fn iter(&self) -> impl Iterator<Item = &ApprovalState> {
        self.0.iter()
    }

    /// Required approvals that do not stand: not recorded, or for other content.
    pub fn outstanding(&self) -> impl Iterator<Item = &ApprovalState> {
        self.iter().filter(|approval| approval.state != ApprovalRecord::Approved)
    }

    #[must_use]
    pub fn into_states(self) -> Vec<ApprovalState> {
        self.0
    }
}

/// A document as it is now: what an approval of it has to name.
#[derive(Debug, Clone, Copy)]
pub struct Current<'a> {
    pub digest: &'a str,
    pub version: Option<&'a str>,
}

impl<'a> Current<'a> {
    #[must_use]
    pub fn of(document: ApprovedDocument, case: &'a Case, digests: &'a Digests) -> Self {
        let version = match document {
            ApprovedDocument::Cscr => case.document.version.as_deref(),
            ApprovedDocument::HazardLog => case.hazard_log.version.as_deref(),
            ApprovedDocument::Plan => case.plan.as_ref().and_then(|plan| plan.version.as_deref()),
            ApprovedDocument::Tom => None,
        };
        Self { digest: digests.document(document), version }
    }

    /// The record is of this content, whatever version it names.
    #[must_use]
    pub fn is_content_of(&self, record: &Approval) -> bool {
        record.content_digest.eq_ignore_ascii_case(self.digest)
    }

    /// The record is of this content in this version.
    #[must_use]
    pub fn is_approved_by(&self, record: &Approval) -> bool {
        self.is_content_of(record) && self.is_version_of(record)
    }

    /// The record names no other version than this.
    #[must_use]
    pub fn is_version_of(&self, record: &Approval) -> bool {
        let same = |named: &str| self.version.is_some_and(|version| version::same(named, version));
        record.version.as_deref().is_none_or(same)
    }
}

/// Why a record is no approval, whatever its document holds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Void {
    /// The person took it back.
    Withdrawn,
    /// It says otherwise than the copy of the case that was kept with it.
    Altered,
    /// The case now gives the person another name or registration.
    AnotherPerson,
}

/// Why this record is no approval.
#[must_use]
pub fn void(subject: &Subject<'_>, record: &Approval) -> Option<Void> {
    if record.withdrawn.is_some() {
        return Some(Void::Withdrawn);
    }
    if subject.snapshots.contradicts(record).is_some() {
        return Some(Void::Altered);
    }
    is_of_another_person(subject.case, record).then_some(Void::AnotherPerson)
}

/// Whether the person had another name or registration when the approval was recorded.
fn is_of_another_person(case: &Case, record: &Approval) -> bool {
    let Some(person) = case.person(&record.person) else { return false };
    let is_named_otherwise = record.name.as_ref().is_some_and(|name| folded(name) != folded(&person.name));
    let differs = |stated: &str, now: Option<&str>| now.is_none_or(|now| folded(stated) != folded(now));
    let is_registered_otherwise = record.registration.as_ref().is_some_and(|stated| {
        let now = person.registered();
        let number = now.and_then(|now| now.number.as_deref());
        differs(&stated.body, now.map(|now| now.body.as_str()))
            || stated.number.as_ref().is_some_and(|stated| differs(stated, number))
    });
    is_named_otherwise || is_registered_otherwise
}

/// The latest record of a person's approval of a document as it was before, and what changed since, a line each, or
/// why that is not known.
#[must_use]
pub fn last_of_other_content<'a>(
    subject: &Subject<'a>,
    current: &Current<'_>,
    document: ApprovedDocument,
    person: &str,
) -> Option<(&'a Approval, Vec<String>)> {
    let counts = |record: &&Approval| {
        record.document == document && record.person == person && void(subject, record).is_none()
    };
    let others = subject.approvals.iter().filter(counts).filter(|record| !current.is_content_of(record));
    let last = others.max_by_key(|record| record.date)?;
    let changed = match Present::of(subject).changes_since(last) {
        Ok(changes) => changes.words(),
        Err(unknown) => vec![unknown.to_owned()],
    };
    Some((last, changed))
}

/// The records of a document that were given by the day that the case is judged by, and are not void.
fn given<'a>(subject: &Subject<'a>, document: ApprovedDocument) -> impl Iterator<Item = &'a Approval> {
    let subject = *subject;
    let of_document = subject.approvals.iter().filter(move |record| record.document == document);
    of_document.filter(move |record| record.date <= subject.as_of && void(&subject, record).is_none())
}

/// What a person of the case is called; somebody else is called what they are named by.
#[must_use]
pub fn name_of_person<'a>(case: &'a Case, id: &'a str) -> &'a str {
    case.person(id).map_or(id, |person| &person.name)
}

impl ApprovalState {
    /// What is missing, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let document = self.document.name();
        let role = self.role.as_deref().filter(|role| *role != self.name);
        if self.person.is_none() && self.name == UNNAMED_CSO {
            return format!("The {document} is not approved: the case names no Clinical Safety Officer.");
        }
        let who = role.map_or_else(|| self.name.clone(), |role| format!("{}, {role}", self.name));
        // Within a sentence the role stands between two commas.
        let comma = if role.is_some() { "," } else { "" };
        match (self.state, self.date) {
            (ApprovalRecord::Approved, _) => format!("The {document} is approved by {who}."),
            (ApprovalRecord::Stale, Some(date)) => {
                format!("The {document} has changed since {who}{comma} approved it on {date:#}.")
            }
            (ApprovalRecord::Stale, None) => {
                format!("The {document} has changed since {who}{comma} approved it.")
            }
            (ApprovalRecord::Missing | ApprovalRecord::NotCounted, _) => match &self.withdrawn {
                Some(Withdrawn { given, on, because }) => format!(
                    "The {document} is not approved by {who}{comma} who withdrew the approval of {given:#} on {on:#}: \"{}\".",
                    because.trim()
                ),
                None => format!("The {document} is not approved by {who}."),
            },
        }
    }
}

fn named(case: &Case, signatory: &Signatory) -> ApprovalState {
    let by_name = || {
        let name = signatory.name.as_deref()?;
        case.people.iter().find(|person| person.name == name)
    };
    let person = signatory.person.as_deref().and_then(|id| case.person(id)).or_else(by_name);
    let name = signatory.name.clone().or_else(|| signatory.person.clone());
    ApprovalState {
        person: person.map(|person| person.id.clone()).or_else(|| signatory.person.clone()),
        role: signatory.title.clone().or_else(|| person?.role.clone()),
        ..required(
            ApprovedDocument::Cscr,
            person,
            name.unwrap_or_else(|| "an approver without a name".to_owned()),
        )
    }
}

fn by_cso(case: &Case, document: ApprovedDocument) -> ApprovalState {
    const ROLE: &str = "Clinical Safety Officer";
    let person = case.cso.as_deref().and_then(|id| case.person(id));
    let name = case.cso.clone().unwrap_or_else(|| UNNAMED_CSO.to_owned());
    ApprovalState {
        person: case.cso.clone(),
        role: person.and_then(|person| person.role.clone()).or_else(|| Some(ROLE.to_owned())),
        ..required(document, person, name)
    }
}

fn required(document: ApprovedDocument, person: Option<&Person>, name: String) -> ApprovalState {
    ApprovalState {
        document,
        person: None,
        name: person.map_or(name, |person| person.name.clone()),
        role: None,
        registration: person.and_then(|person| person.registration.as_ref()).map(registration),
        state: ApprovalRecord::Missing,
        not_counted: None,
        date: None,
        given: None,
        recorded: None,
        withdrawn: None,
        changes: None,
        changed_since: Vec::new(),
    }
}

impl Given {
    /// How an approval was given, as far as its record says more than that it was.
    fn of(record: &Approval) -> Option<Self> {
        let given = Self {
            means: record.means.map(ApprovalMeans::words),
            evidence: record.evidence.as_ref().map(|evidence| evidence.file.clone()),
            statement: record.statement.clone().filter(|statement| !statement.trim().is_empty()),
        };
        (given != Self::default()).then_some(given)
    }
}

fn registration(registration: &Registration) -> String {
    match &registration.number {
        Some(number) => format!("{} {number}", registration.body),
        None => registration.body.clone(),
    }
}

/// A record for this very content approves; else the latest record of other content has gone stale.
fn look_up(approval: &mut ApprovalState, present: &Present<'_>, document: &Current<'_>) {
    let Some(person) = approval.person.clone() else { return };
    let own = || given(&present.subject, approval.document).filter(|record| record.person == person);
    let current = own().filter(|record| document.is_approved_by(record)).max_by_key(|record| record.date);
    let outdated = own().filter(|record| !document.is_content_of(record)).max_by_key(|record| record.date);
    if let Some(record) = current {
        tell_given(approval, ApprovalRecord::Approved, record);
        return;
    }
    let withdrawn = last_withdrawn(&present.subject, approval.document, &person);
    match outdated {
        Some(record) if withdrawn.as_ref().is_none_or(|withdrawn| withdrawn.given < record.date) => {
            tell_given(approval, ApprovalRecord::Stale, record);
            tell_changes(approval, present, record);
        }
        _ => (approval.state, approval.withdrawn) = (ApprovalRecord::Missing, withdrawn),
    }
}

fn tell_given(approval: &mut ApprovalState, state: ApprovalRecord, record: &Approval) {
    (approval.state, approval.date) = (state, Some(record.date));
    approval.recorded = record.recorded;
    approval.given = Given::of(record);
}

fn tell_changes(approval: &mut ApprovalState, present: &Present<'_>, record: &Approval) {
    match present.changes_since(record) {
        Ok(changes) => {
            approval.changed_since = changes.words();
            approval.changes = Some(changes);
        }
        Err(unknown) => approval.changed_since = vec![unknown.to_owned()],
    }
}

/// The latest approval of a document that the person took back.
fn last_withdrawn(subject: &Subject<'_>, document: ApprovedDocument, person: &str) -> Option<Withdrawn> {
    let own = subject.approvals.iter().filter(|record| {
        record.document == document && record.person == person && record.date <= subject.as_of
    });
    let withdrawn = own.filter_map(|record| {
        let because = record.withdrawn_because.clone().unwrap_or_default();
        Some(Withdrawn { given: record.date, on: record.withdrawn?, because })
    });
    withdrawn.max_by_key(|withdrawn| withdrawn.given)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, approval, date, signatory};

    fn states(fixture: &Fixture) -> Vec<(ApprovedDocument, String, ApprovalRecord)> {
        let digests = Digests::of(&fixture.case);
        Approvals::of(&fixture.subject(), &digests)
            .into_states()
            .into_iter()
            .map(|approval| (approval.document, approval.name, approval.state))
            .collect()
    }

    #[test]
    fn the_cso_must_approve_even_where_the_document_does_not_say_so() {
        let mut fixture = Fixture::new();
        fixture.case.document.approvers = vec![signatory("clinician")];
        let required: Vec<_> =
            states(&fixture).into_iter().map(|(document, name, _)| (document, name)).collect();
        assert_eq!(
            required,
            [
                (ApprovedDocument::Cscr, "Dr Ada Clinic".to_owned()),
                (ApprovedDocument::Cscr, "Dr Cora Officer".to_owned()),
                (ApprovedDocument::HazardLog, "Dr Cora Officer".to_owned()),
            ]
        );
    }

    #[test]
    fn an_approval_counts_for_the_content_that_it_names() {
        let mut fixture = Fixture::new();
        fixture.approvals = vec![approval(&fixture.case, ApprovedDocument::Cscr, "cso")];
        assert_eq!(states(&fixture)[0].2, ApprovalRecord::Approved);
        assert_eq!(states(&fixture)[1].2, ApprovalRecord::Missing);

        fixture.case.hazard_log.hazards[0].impact = Some("Something worse".to_owned());
        assert_eq!(states(&fixture)[0].2, ApprovalRecord::Stale);
    }

    #[test]
    fn an_approval_of_a_later_day_is_not_given_yet() {
        let mut fixture = Fixture::approved();
        fixture.approvals[0].date = date("2026-09-15");
        assert_eq!(states(&fixture)[0].2, ApprovalRecord::Missing);
        fixture.approvals[0].content_digest = "0".repeat(64);
        assert_eq!(states(&fixture)[0].2, ApprovalRecord::Missing, "nor can it have gone stale");
    }

    #[test]
    fn an_approval_counts_for_the_version_that_it_names() {
        let mut fixture = Fixture::approved();
        for (version, state) in [
            (Some("V1.0"), ApprovalRecord::Approved),
            (None, ApprovalRecord::Approved),
            (Some("0.9"), ApprovalRecord::Missing),
        ] {
            for record in &mut fixture.approvals {
                record.version = version.map(str::to_owned);
            }
            assert!(states(&fixture).iter().all(|(.., found)| *found == state), "{version:?}");
        }
    }

    #[test]
    fn nobody_else_can_approve_for_the_cso() {
        let mut fixture = Fixture::new();
        fixture.approvals = vec![approval(&fixture.case, ApprovedDocument::Cscr, "clinician")];
        assert!(states(&fixture).iter().all(|(_, _, state)| *state == ApprovalRecord::Missing));
    }

    #[test]
    fn whoever_takes_an_approval_back_has_not_approved() {
        let mut fixture = Fixture::approved();
        let record = &mut fixture.approvals[1];
        // It counts for nothing at once, whatever day the case is judged by.
        record.withdrawn = Some(date("2026-11-23"));
        record.withdrawn_because = Some("H02 was rated on a wrong premise.".to_owned());
        assert_eq!(
            fixture.messages("F2"),
            [
                "The hazard log is not approved by Dr Cora Officer, Clinical Safety Officer, who withdrew the approval of 14 September 2026 on 23 November 2026: \"H02 was rated on a wrong premise.\"."
            ]
        );
        let again = approval(&fixture.case, ApprovedDocument::HazardLog, "cso");
        fixture.approvals.push(again);
        assert_eq!(fixture.messages("F2"), Vec::<String>::new());
    }

    #[test]
    fn an_unnamed_cso_has_approved_nothing() {
        let mut fixture = Fixture::new();
        fixture.case.cso = None;
        fixture.case.document.approvers.clear();
        fixture.approvals = vec![approval(&fixture.case, ApprovedDocument::Cscr, "cso")];
        assert!(states(&fixture).iter().all(|(_, _, state)| *state == ApprovalRecord::Missing));
        let subject = fixture.subject();
        let approvals = Approvals::of(&subject, &Digests::of(&fixture.case));
        let sentences: Vec<_> = approvals.iter().map(ApprovalState::sentence).collect();
        assert!(
            sentences
                .iter()
                .any(|s| s == "The report is not approved: the case names no Clinical Safety Officer.")
        );
    }
}
