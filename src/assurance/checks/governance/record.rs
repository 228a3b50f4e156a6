//! Whether recorded approvals can be relied on: their dates, what shows them, what was kept with them, and whether
//! those have signed whom the TOM demands.

use super::approval::approval_of;
use super::signatories::date_of_version;
use crate::assurance::Subject;
use crate::assurance::approvals::{Current, name_of_person, tom_not_signed, tom_sign_off_open, void};
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::Date;
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::observation::ObservationKind as Kind;

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F30",
        level: Blocking,
        clause: Some("3.5.2, 3.3.2"),
        title: "Approval dated before the document",
        why: "A version is approved as it is issued; an approval of an earlier day was given before there was such a document, or one of the two dates is wrong.",
        remedy: "Correct the date that is wrong; or have the person approve the document as it was issued.",
        how: Some(
            "`date` in approvals.toml; `issue_date` under `document` in case.toml; the date on the hazard log's cover",
        ),
        runs: &[Run::Case(before_the_document)],
        ..Check::DEFAULT
    },
    Check {
        id: "F32",
        level: Blocking,
        clause: None,
        title: "Sign-off of the TOM by somebody who may not, or of other answers",
        why: "From level 2 on a Clinical Safety Officer or a registered social care professional signs for system and interface; nobody else may, and answers that have changed since are not what was signed.",
        remedy: "Have one of them read the answers as they are now, and record the approval.",
        how: Some("`cscr approve CASE --document tom --person ID`"),
        never_waived: true,
        runs: &[Run::Case(tom)],
        ..Check::DEFAULT
    },
    Check {
        id: "T3",
        level: Warning,
        clause: None,
        title: "TOM that does not say whether it is signed off",
        why: "From level 2 on somebody has to sign for system and interface. That may follow the issue of the report; a reader must be able to see that it is still to come, and not forgotten.",
        remedy: "Record the approval of the TOM; or have the End User Organisation answer who has signed, or that it is still to come and on what it waits.",
        how: Some(
            "`cscr approve CASE --document tom --person ID`; the answer CS-055 of the TOM, with its notes",
        ),
        runs: &[Run::Case(tom_unsaid)],
        ..Check::DEFAULT
    },
    Check {
        id: "F33",
        level: Blocking,
        clause: Some("3.5.2, 3.3.2"),
        title: "What shows an approval is missing or altered",
        why: "An approval on paper, by e-mail or in a meeting is known by the paper, the e-mail or the minutes; without them it is somebody else's word.",
        remedy: "Put the file back as it was; or have the approval given and recorded again.",
        how: Some("`evidence` in approvals.toml, with the path of the file and its SHA-256"),
        runs: &[
            Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::ApprovalEvidence])),
            Run::Case(without_evidence),
        ],
        ..Check::DEFAULT
    },
    Check {
        id: "F34",
        level: Warning,
        clause: Some("3.5.2, 3.3.2"),
        title: "Kept copy of what was approved is missing or altered",
        why: "The approval still names its content by a digest; but what that content was, and what has changed since, can no longer be shown.",
        remedy: "Put the file back as it was, from the document store or a backup.",
        how: Some("`content` in approvals.toml names it; keep the folder history with the case"),
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::AlteredSnapshot]))],
        ..Check::DEFAULT
    },
    Check {
        id: "F35",
        level: Warning,
        clause: Some("3.2.2, 3.3.2, 3.5.2"),
        title: "Approvals in an order that does not follow from one another",
        why: "The report rests on the hazard log, and both on the criteria of the plan; what was approved before that which it rests on was approved without it.",
        remedy: "Correct the date that is wrong; or have the document that came too early approved again.",
        how: Some("`date` in approvals.toml; `approved_on` under `plan` in case.toml"),
        runs: &[Run::Case(plan_after_report), Run::Case(log_after_report)],
        ..Check::DEFAULT
    },
];

pub(super) fn numbered<'a>(subject: &Subject<'a>) -> impl Iterator<Item = (usize, &'a Approval)> {
    (1..).zip(subject.approvals)
}

pub(super) fn path(number: usize) -> String {
    format!("approvals/{number}")
}

fn before_the_document(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    for (number, record) in numbered(subject) {
        let Some((dated, what)) = date_of(record.document, subject) else { continue };
        let again = |other: &Approval| {
            other.document == record.document && other.person == record.person && other.date >= dated
        };
        if record.date >= dated || !stands(examined, record) || subject.approvals.iter().any(again) {
            continue;
        }
        let message = format!("{} is dated before {what}, {dated:#}.", approval_of(subject.case, record));
        outcome.hit(Hit::at(path(number), message));
    }
}

/// The date before which nobody can have approved the document, and what it is the date of.
fn date_of(document: ApprovedDocument, subject: &Subject<'_>) -> Option<(Date, &'static str)> {
    match document {
        ApprovedDocument::Cscr => Some((subject.case.document.issue_date?, "its date of issue")),
        ApprovedDocument::HazardLog => {
            Some((date_of_version(&subject.case.hazard_log)?, "the date of its version"))
        }
        ApprovedDocument::Plan | ApprovedDocument::Tom => None,
    }
}

/// The record is an approval of the document as it is now.
pub(super) fn stands(examined: &Examined<'_>, record: &Approval) -> bool {
    let subject = &examined.subject;
    let current = Current::of(record.document, subject.case, &examined.digests);
    record.date <= subject.as_of && current.is_approved_by(record) && void(subject, record).is_none()
}

fn tom(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    let Some(tom) = &subject.case.tom else { return };
    if let Some(lack) = tom_not_signed(tom, subject, &examined.digests) {
        outcome.hit(Hit::at("tom/CS-055", lack.sentence).remedy(lack.remedy).how(lack.how));
    }
}

fn tom_unsaid(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    if let Some(message) = subject.case.tom.as_ref().and_then(|tom| tom_sign_off_open(tom, subject)) {
        outcome.hit(Hit::at("tom/CS-055", message));
    }
}

fn without_evidence(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    for (number, record) in numbered(subject).filter(|(_, record)| record.evidence.is_none()) {
        if record.withdrawn.is_some() {
            continue;
        }
        let Some(means) = record.means else { continue };
        let message = format!(
            "{} was given {}; which file shows it is not recorded.",
            approval_of(subject.case, record),
            means.words()
        );
        outcome.hit(Hit::at(path(number), message));
    }
}

fn plan_after_report(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let Some(issued) = case.document.issue_date else { return };
    let (approved, at) = match first_approval(examined, ApprovedDocument::Plan) {
        Some((number, record)) => (record.date, path(number)),
        None => match case.plan.as_ref().and_then(|plan| plan.approved_on) {
            Some(approved) => (approved, "plan/approved_on".to_owned()),
            None => return,
        },
    };
    if approved > issued {
        let message = format!(
            "The clinical risk management plan was approved on {approved:#}, after the report's date of issue, {issued:#}."
        );
        outcome.hit(Hit::at(at, message));
    }
}

fn log_after_report(examined: &Examined<'_>, outcome: &mut Outcome) {
    let log = first_approval(examined, ApprovedDocument::HazardLog);
    let report = numbered(&examined.subject)
        .map(|(_, record)| record)
        .filter(|record| is_by_cso(examined, record, ApprovedDocument::Cscr))
        .max_by_key(|record| record.date);
    let (Some((number, log)), Some(report)) = (log, report) else { return };
    if log.date > report.date {
        let message = format!(
            "{} approved the hazard log on {:#}, after the report that rests on it, on {:#}.",
            name_of_person(examined.subject.case, &log.person),
            log.date,
            report.date
        );
        outcome.hit(Hit::at(path(number), message));
    }
}

/// The first approval of a document as it is now by the Clinical Safety Officer.
fn first_approval<'a>(examined: &Examined<'a>, document: ApprovedDocument) -> Option<(usize, &'a Approval)> {
    let own = numbered(&examined.subject).filter(|(_, record)| is_by_cso(examined, record, document));
    own.min_by_key(|(_, record)| record.date)
}

fn is_by_cso(examined: &Examined<'_>, record: &Approval, document: ApprovedDocument) -> bool {
    record.document == document
        && examined.subject.case.cso.as_ref() == Some(&record.person)
        && stands(examined, record)
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, date, silent};
    use crate::case::approval::ApprovalMeans;

    #[test]
    fn f30_an_approval_before_the_date_of_the_document() {
        silent("F30");
        let mut fixture = Fixture::with(|fixture| {
            fixture.case.document.issue_date = Some(date("2026-09-10"));
        })
        .with_approvals();
        fixture.approvals[0].date = date("2026-09-09");
        assert_eq!(
            fixture.messages("F30"),
            [
                "The approval of the report by Dr Cora Officer on 9 September 2026 is dated before its date of issue, 10 September 2026."
            ]
        );
        // Approved again on the day of issue.
        let mut again = fixture.approvals[0].clone();
        again.date = date("2026-09-10");
        fixture.approvals.push(again);
        assert_eq!(fixture.messages("F30"), Vec::<String>::new());
    }

    #[test]
    fn f33_an_approval_on_paper_without_the_paper() {
        silent("F33");
        let mut fixture = Fixture::approved();
        fixture.approvals[0].means = Some(ApprovalMeans::WetInk);
        assert_eq!(
            fixture.messages("F33"),
            [
                "The approval of the report by Dr Cora Officer on 14 September 2026 was given by hand, on paper; which file shows it is not recorded."
            ]
        );
    }

    #[test]
    fn f35_a_log_approved_after_its_report() {
        silent("F35");
        let mut fixture = Fixture::approved();
        fixture.approvals[0].date = date("2026-09-13");
        assert_eq!(
            fixture.messages("F35"),
            [
                "Dr Cora Officer approved the hazard log on 14 September 2026, after the report that rests on it, on 13 September 2026."
            ]
        );
    }

    #[test]
    fn f35_a_plan_approved_after_its_report() {
        let mut fixture = Fixture::new();
        fixture.case.document.issue_date = Some(date("2026-01-31"));
        assert_eq!(
            fixture.messages("F35"),
            [
                "The clinical risk management plan was approved on 1 February 2026, after the report's date of issue, 31 January 2026."
            ]
        );
    }
}
