//! Which approvals are required, and what is recorded of each.
//!
//! Being named as an approver is a requirement and never an approval. A recorded approval counts for
//! exactly the content that it names by its digest: content that has changed since is not approved. One that
//! is dated after the date that the case is judged by is not given yet, and one that names another version
//! than the content bears contradicts itself: neither counts.

use super::{ApprovalRecord, ApprovalState, Subject, version};
use crate::case::Case;
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::digest::Digests;
use crate::case::document::Signatory;
use crate::case::person::{Person, Registration};
use crate::case::plan::RiskManagementPlan;

/// What stands where the name of the Clinical Safety Officer should.
const UNNAMED_CSO: &str = "(not named)";

/// The required approvals, those of the report first.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        for approval in &mut approvals {
            look_up(approval, subject, &Current::of(approval.document, case, digests));
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

    /// The record names no other version than this.
    #[must_use]
    pub fn is_version_of(&self, record: &Approval) -> bool {
        let same = |named: &str| self.version.is_some_and(|version| version::same(named, version));
        record.version.as_deref().is_none_or(same)
    }
}

/// What a document is called in a sentence.
#[must_use]
pub fn name_of(document: ApprovedDocument) -> &'static str {
    match document {
        ApprovedDocument::Cscr => "report",
        ApprovedDocument::HazardLog => "hazard log",
        ApprovedDocument::Plan => "clinical risk management plan",
        ApprovedDocument::Tom => "Target Operating Model",
    }
}

/// Why the plan is not approved. An entry of approvals.toml counts for the plan as it is; without one the plan's
/// own word does.
#[must_use]
pub fn plan_not_approved(
    plan: &RiskManagementPlan,
    subject: &Subject<'_>,
    digests: &Digests,
) -> Option<String> {
    let case = subject.case;
    let mut records = subject.approvals.iter().filter(|record| record.document == ApprovedDocument::Plan);
    if records.clone().next().is_some() {
        let document = Current::of(ApprovedDocument::Plan, case, digests);
        let counts = |record: &Approval| {
            Some(&record.person) == case.cso.as_ref()
                && record.date <= subject.as_of
                && document.is_content_of(record)
                && document.is_version_of(record)
        };
        return (!records.any(counts)).then(|| {
            "The approval of the clinical risk management plan in approvals.toml is not of the plan as it is now, or not given by the Clinical Safety Officer.".to_owned()
        });
    }
    match (&plan.approved_by, plan.approved_on) {
        (None, _) => Some("The clinical risk management plan is not recorded as approved.".to_owned()),
        (Some(by), _) if case.cso.as_ref() != Some(by) => Some(format!(
            "The clinical risk management plan was approved by {}, who is not the Clinical Safety Officer.",
            name_of_person(case, by)
        )),
        (Some(by), None) => Some(format!(
            "When {} approved the clinical risk management plan is not recorded.",
            name_of_person(case, by)
        )),
        (Some(by), Some(on)) if on > subject.as_of => Some(format!(
            "{} approved the clinical risk management plan on {on}, after {}, the date that the case is judged by.",
            name_of_person(case, by),
            subject.as_of
        )),
        (Some(_), Some(_)) => None,
    }
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
        let document = name_of(self.document);
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
                format!("The {document} has changed since {who}{comma} approved it on {date}.")
            }
            (ApprovalRecord::Stale, None) => {
                format!("The {document} has changed since {who}{comma} approved it.")
            }
            (ApprovalRecord::Missing, _) => format!("The {document} is not approved by {who}."),
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
        date: None,
    }
}

fn registration(registration: &Registration) -> String {
    match &registration.number {
        Some(number) => format!("{} {number}", registration.body),
        None => registration.body.clone(),
    }
}

/// A record for this very content approves; else the latest record of other content has gone stale.
fn look_up(approval: &mut ApprovalState, subject: &Subject<'_>, document: &Current<'_>) {
    let Some(person) = approval.person.as_deref() else { return };
    let given = || {
        let own = |record: &&Approval| record.document == approval.document && record.person == person;
        subject.approvals.iter().filter(own).filter(|record| record.date <= subject.as_of)
    };
    let current = given()
        .filter(|record| document.is_content_of(record) && document.is_version_of(record))
        .max_by_key(|record| record.date);
    let outdated = given().filter(|record| !document.is_content_of(record)).max_by_key(|record| record.date);
    let (state, date) = match (current, outdated) {
        (Some(record), _) => (ApprovalRecord::Approved, Some(record.date)),
        (None, Some(record)) => (ApprovalRecord::Stale, Some(record.date)),
        (None, None) => (ApprovalRecord::Missing, None),
    };
    (approval.state, approval.date) = (state, date);
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
