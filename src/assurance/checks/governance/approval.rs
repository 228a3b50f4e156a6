//! Who must approve, who did, and whether the Clinical Safety Officer may.

use super::signatories::NamedOfficers;
use crate::assurance::approvals::{Current, void};
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::Blocking;
use crate::assurance::{ApprovalRecord, ApprovalState, Subject};
use crate::case::Case;
use crate::case::approval::{Approval, ApprovedDocument};

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F1",
        level: Blocking,
        clause: Some("3.5.2, 2.2.2"),
        title: "Report not approved",
        why: "The Clinical Safety Officer approves each report, and everybody who is named as an approver answers for it; an approval of other content is none.",
        remedy: "Have the person read the report as it is now, and record the approval.",
        how: Some("`cscr approve CASE --document cscr --person ID`"),
        never_waived: true,
        runs: &[Run::Case(|examined, outcome| approvals(examined, outcome, ApprovedDocument::Cscr))],
        ..Check::DEFAULT
    },
    Check {
        id: "F2",
        level: Blocking,
        clause: Some("3.3.2"),
        title: "Hazard log not approved by the Clinical Safety Officer",
        why: "The Clinical Safety Officer approves each version of the hazard log; a date in the log's own approver table is a statement, not an approval of this content.",
        remedy: "Have the Clinical Safety Officer read the log as it is now, and record the approval.",
        how: Some("`cscr approve CASE --document hazard-log --person ID`"),
        never_waived: true,
        runs: &[Run::Case(|examined, outcome| approvals(examined, outcome, ApprovedDocument::HazardLog))],
        ..Check::DEFAULT
    },
    Check {
        id: "F7",
        level: Blocking,
        clause: Some("3.5.2"),
        title: "Approval of another version",
        why: "An approval is of one version of a document; one that names another than the document bears leaves it open what was approved, and does not count.",
        remedy: "Ask the person which version they approved: correct the record, or have the document read and approved as it is now.",
        how: Some("`version` in approvals.toml"),
        never_waived: true,
        runs: &[Run::Case(other_versions)],
        ..Check::DEFAULT
    },
    Check {
        id: "F25",
        level: Blocking,
        clause: Some("3.5.2"),
        title: "Approval dated after the as-of date",
        why: "An approval of a later day is not given yet on the day that the case is judged by, and does not count.",
        remedy: "Correct the date of the approval; or judge the case by a day on or after it.",
        how: Some("`date` in approvals.toml; `as_of` in case.toml"),
        never_waived: true,
        runs: &[Run::Case(later_approvals)],
        ..Check::DEFAULT
    },
    Check {
        id: "F5",
        level: Blocking,
        clause: Some("2.3.2"),
        title: "Registration of the Clinical Safety Officer not shown",
        why: "The Clinical Safety Officer must hold a current professional registration, and a reader must be able to see that it was checked.",
        remedy: "Look the registration up in the body's register, and record body, number and the date of the look-up.",
        how: Some("`registration` of the person, in case.toml"),
        runs: &[Run::Case(cso_registration)],
        ..Check::DEFAULT
    },
    Check {
        id: "F43",
        level: Blocking,
        clause: Some("2.3.1"),
        title: "Clinical Safety Officer who is not recorded as a clinician",
        why: "The Clinical Safety Officer must be a suitably qualified and experienced clinician; nobody else can approve in that role.",
        remedy: "Record that the person is a clinician, where that is so; or name a clinician as Clinical Safety Officer.",
        how: Some("`clinician = true` with the person, or another `cso`, in case.toml"),
        never_waived: true,
        runs: &[Run::Case(cso_clinician)],
        ..Check::DEFAULT
    },
];

fn approvals(examined: &Examined<'_>, outcome: &mut Outcome, document: ApprovedDocument) {
    let named = NamedOfficers::of(&examined.subject.case.hazard_log, examined.subject.provenance);
    let is_outstanding = |approval: &ApprovalState| approval.state != ApprovalRecord::Approved;
    let approvals = examined.approvals.iter().filter(|approval| approval.document == document).zip(1..);
    for (approval, number) in approvals.filter(|(approval, _)| is_outstanding(approval)) {
        // Those of the report come in the order of its approvers.
        let path = match document {
            ApprovedDocument::HazardLog => "hazard_log/approvers".to_owned(),
            _ => format!("document/approvers/{number}"),
        };
        let (path, named) = match &named {
            Some(named) if document == ApprovedDocument::HazardLog => {
                (named.path.clone(), named.as_approvers())
            }
            // Whoever approves the log may not be who approves the report, unless it is the officer.
            Some(named) if approval.person.is_none() && examined.subject.case.cso.is_none() => {
                (path, named.as_officers())
            }
            _ => (path, String::new()),
        };
        let hit = Hit::at(path, approval.sentence() + &named);
        outcome.hit(match &approval.person {
            None => hit.remedy(NAME_THE_PERSON).how(NAMED_PERSON),
            Some(person) => hit
                .remedy(read_it(approval))
                .how(format!("`cscr approve CASE --document {} --person {person}`", approval.document.key())),
        });
    }
}

const NAME_THE_PERSON: &str = "Say which person of the case this is, so that an approval can be recorded.";
const NAMED_PERSON: &str =
    "an entry of `[[people]]` in case.toml, whose id stands as `cso` or with the approver";

/// What to do for an approval of the document as it is now.
fn read_it(approval: &ApprovalState) -> String {
    let what = match approval.document {
        ApprovedDocument::HazardLog => "log",
        _ => "report",
    };
    match approval.state {
        ApprovalRecord::Stale => {
            format!("Have {} read what has changed in the {what}, and record the approval.", approval.name)
        }
        _ => format!("Have {} read the {what} as it is now, and record the approval.", approval.name),
    }
}

/// Records of this very content that name another version than it bears, where no other record approves it.
fn other_versions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    let Subject { case, approvals, as_of, .. } = *subject;
    let counts = |record: &Approval| record.date <= as_of && void(subject, record).is_none();
    for (record, number) in approvals.iter().zip(1..).filter(|(record, _)| counts(record)) {
        let document = Current::of(record.document, case, &examined.digests);
        let awaited = examined.approvals.outstanding().any(|approval| {
            approval.document == record.document && approval.person.as_ref() == Some(&record.person)
        });
        if !awaited || !document.is_content_of(record) || document.is_version_of(record) {
            continue;
        }
        let message = format!(
            "{} does not count: it names version {}; the {} {}.",
            approval_of(case, record),
            record.version.as_deref().unwrap_or_default(),
            record.document.name(),
            document.version.map_or_else(|| "has none".to_owned(), |version| format!("is version {version}")),
        );
        outcome.hit(Hit::at(format!("approvals/{number}"), message));
    }
}

fn later_approvals(examined: &Examined<'_>, outcome: &mut Outcome) {
    let Subject { case, approvals, as_of, .. } = examined.subject;
    let is_later = |record: &Approval| record.date > as_of && record.withdrawn.is_none();
    for (record, number) in approvals.iter().zip(1..).filter(|(record, _)| is_later(record)) {
        let message = format!(
            "{} does not count: it is dated after {as_of:#}, the date that the case is judged by.",
            approval_of(case, record)
        );
        outcome.hit(Hit::at(format!("approvals/{number}"), message));
    }
}

pub(super) fn approval_of(case: &Case, record: &Approval) -> String {
    let name = case.person(&record.person).map_or(record.person.as_str(), |person| &person.name);
    format!("The approval of the {} by {name} on {:#}", record.document.name(), record.date)
}

fn cso_registration(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let Some(id) = case.cso.as_deref() else {
        let named = NamedOfficers::of(&case.hazard_log, examined.subject.provenance);
        let named = named.map(|named| named.as_officers()).unwrap_or_default();
        let hit = Hit::at("case", format!("No Clinical Safety Officer is named.{named}"));
        outcome.hit(
            hit.remedy("Name the Clinical Safety Officer.")
                .how("`cso` in case.toml is the id of one of `[[people]]`"),
        );
        return;
    };
    let Some(person) = case.person(id) else {
        let message = format!("The Clinical Safety Officer \"{id}\" is none of the people of the case.");
        let hit =
            Hit::at("case", message).remedy("Add the Clinical Safety Officer to the people of the case.");
        outcome.hit(hit.how("an entry of `[[people]]` in case.toml with this id"));
        return;
    };
    for fault in person.registration_faults(examined.subject.as_of) {
        outcome.hit(Hit::at(format!("people/{id}"), person.fault_in_words(fault, examined.subject.as_of)));
    }
}

fn cso_clinician(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let cso = case.cso.as_deref().and_then(|id| case.person(id));
    if let Some(person) = cso.filter(|person| !person.clinician) {
        outcome.hit(Hit::at(format!("people/{}", person.id), person.is_no_clinician()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, approval, date, fires, signatory, silent};
    use crate::case::Place;
    use crate::case::person::Registration;

    fn registration(fixture: &mut Fixture) -> &mut Registration {
        fixture.case.people[0].registration.as_mut().expect("the officer of the tests is registered")
    }

    #[test]
    fn f1_every_required_approver() {
        silent("F1");
        let fixture = Fixture::with(|fixture| fixture.case.document.approvers.push(signatory("clinician")));
        assert_eq!(
            fixture.messages("F1"),
            [
                "The report is not approved by Dr Cora Officer, Clinical Safety Officer.",
                "The report is not approved by Dr Ada Clinic, General practitioner.",
            ]
        );
    }

    #[test]
    fn f1_an_approval_of_other_content() {
        let mut fixture = Fixture::approved();
        fixture.case.narrative.insert("introduction".to_owned(), "Added since.".to_owned());
        assert_eq!(
            fixture.messages("F1"),
            [
                "The report has changed since Dr Cora Officer, Clinical Safety Officer, approved it on 14 September 2026."
            ]
        );
        assert_eq!(fixture.messages("F2"), Vec::<String>::new(), "the hazard log is as it was");
    }

    #[test]
    fn f2_the_hazard_log() {
        silent("F2");
        assert_eq!(
            Fixture::new().messages("F2"),
            ["The hazard log is not approved by Dr Cora Officer, Clinical Safety Officer."]
        );
        let mut fixture = Fixture::approved();
        fixture.case.hazard_log.hazards.pop();
        assert_eq!(fixture.findings("F2").len(), 1);
    }

    #[test]
    fn f1_and_f2_say_what_to_record() {
        let fixture = Fixture::new();
        let finding = &fixture.findings("F1")[0];
        let remedy = "Have Dr Cora Officer read the report as it is now, and record the approval.";
        assert_eq!(finding.remedy, remedy);
        assert_eq!(finding.how.as_deref(), Some("`cscr approve CASE --document cscr --person cso`"));
        let log = fixture.findings("F2")[0].how.clone();
        assert_eq!(log.as_deref(), Some("`cscr approve CASE --document hazard-log --person cso`"));
    }

    #[test]
    fn f7_an_approval_of_another_version_does_not_count() {
        silent("F7");
        let mut fixture = Fixture::approved();
        fixture.approvals[0].version = Some("0.9".to_owned());
        assert_eq!(
            fixture.messages("F7"),
            [
                "The approval of the report by Dr Cora Officer on 14 September 2026 does not count: it names version 0.9; the report is version 1.0."
            ]
        );
        assert_eq!(fixture.findings("F1").len(), 1);
        // One of the right version beside it is enough.
        let right = Approval { version: Some("1.0".to_owned()), ..fixture.approvals[0].clone() };
        fixture.approvals.push(right);
        assert_eq!(fixture.messages("F7"), Vec::<String>::new());
        assert_eq!(fixture.messages("F1"), Vec::<String>::new());
    }

    #[test]
    fn f7_knows_the_version_of_the_hazard_log() {
        let mut fixture = Fixture::new();
        fixture.case.hazard_log.version = Some("1.0.1".to_owned());
        fixture.case.hazard_log.revisions.clear();
        let log = approval(&fixture.case, ApprovedDocument::HazardLog, "cso");
        fixture.approvals = vec![Approval { version: Some("1.0".to_owned()), ..log }];
        assert_eq!(fixture.findings("F7").len(), 1);
        assert_eq!(fixture.findings("F2").len(), 1);
    }

    #[test]
    fn f25_an_approval_of_a_later_day_does_not_count() {
        silent("F25");
        let mut fixture = Fixture::approved();
        fixture.approvals[1].date = date("2026-09-15");
        fixture.provenance.record("approvals/2", Place::line("approvals.toml", 9));
        assert_eq!(
            fixture.messages("F25"),
            [
                "The approval of the hazard log by Dr Cora Officer on 15 September 2026 does not count: it is dated after 14 September 2026, the date that the case is judged by."
            ]
        );
        assert_eq!(fixture.findings("F25")[0].source, Some(Place::line("approvals.toml", 9)));
        assert_eq!(fixture.findings("F2").len(), 1);
    }

    #[test]
    fn f5_no_officer() {
        fires("F5", |fixture| fixture.case.cso = None, "No Clinical Safety Officer is named.");
        fires(
            "F5",
            |fixture| fixture.case.cso = Some("nobody".to_owned()),
            "The Clinical Safety Officer \"nobody\" is none of the people of the case.",
        );
    }

    #[test]
    fn f43_an_officer_who_is_no_clinician() {
        fires(
            "F43",
            |fixture| fixture.case.people[0].clinician = false,
            "Dr Cora Officer, the Clinical Safety Officer, is not recorded as a clinician.",
        );
        let another = Fixture::with(|fixture| fixture.case.people[1].clinician = false);
        assert_eq!(another.messages("F43"), Vec::<String>::new());
    }

    #[test]
    fn f5_what_the_registration_lacks() {
        fires(
            "F5",
            |fixture| fixture.case.people[0].registration = None,
            "No professional registration is recorded for Dr Cora Officer.",
        );
        fires(
            "F5",
            |fixture| registration(fixture).number = None,
            "The GMC registration of Dr Cora Officer has no number.",
        );
        fires(
            "F5",
            |fixture| registration(fixture).checked = None,
            "When the GMC registration of Dr Cora Officer was checked is not recorded.",
        );
    }

    #[test]
    fn f5_is_judged_by_the_as_of_date() {
        let expires = |on: &str| {
            let on = date(on);
            move |fixture: &mut Fixture| registration(fixture).expires = Some(on)
        };
        fires(
            "F5",
            expires("2026-09-13"),
            "The GMC registration of Dr Cora Officer expired on 13 September 2026.",
        );
        assert_eq!(Fixture::with(expires("2026-09-14")).messages("F5"), Vec::<String>::new());
    }
}
