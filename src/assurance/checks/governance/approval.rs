//! Who must approve, who did, and whether the Clinical Safety Officer may.

use crate::assurance::ApprovalRecord;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::Blocking;
use crate::case::Date;
use crate::case::approval::ApprovedDocument;
use crate::case::person::{Person, Registration};

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F1",
        level: Blocking,
        clause: Some("3.5.2, 2.2.2"),
        title: "Report not approved",
        why: "The Clinical Safety Officer approves each report, and everybody who is named as an approver answers for it; an approval of other content is none.",
        remedy: "Have the person read the report as it is now and record the approval with `cscr approve`.",
        runs: &[Run::Case(|examined, outcome| approvals(examined, outcome, ApprovedDocument::Cscr))],
    },
    Check {
        id: "F2",
        level: Blocking,
        clause: Some("3.3.2"),
        title: "Hazard log not approved by the Clinical Safety Officer",
        why: "The Clinical Safety Officer approves each version of the hazard log; a date in the log's own approver table is a statement, not an approval of this content.",
        remedy: "Have the Clinical Safety Officer read the log as it is now and record the approval with `cscr approve`.",
        runs: &[Run::Case(|examined, outcome| approvals(examined, outcome, ApprovedDocument::HazardLog))],
    },
    Check {
        id: "F5",
        level: Blocking,
        clause: Some("2.3.2"),
        title: "Registration of the Clinical Safety Officer not shown",
        why: "The Clinical Safety Officer must hold a current professional registration, and somebody must have looked it up.",
        remedy: "Look the registration up in the body's register, and record body, number and the date of the look-up in the person's `registration`.",
        runs: &[Run::Case(cso_registration)],
    },
];

fn approvals(examined: &Examined<'_>, outcome: &mut Outcome, document: ApprovedDocument) {
    for approval in examined.approvals.outstanding().filter(|approval| approval.document == document) {
        let hit = Hit::at("document/approvers", approval.sentence());
        outcome.hit(match (approval.state, &approval.person) {
            (ApprovalRecord::Stale, _) => hit.remedy(
                "Have the person read what has changed, and record a new approval with `cscr approve`.",
            ),
            (_, None) => hit.remedy(
                "Name the person under `people`, and as `cso` or by id as an approver, so that an approval can be recorded.",
            ),
            _ => hit,
        });
    }
}

fn cso_registration(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let Some(id) = case.cso.as_deref() else {
        let remedy = "Name the Clinical Safety Officer: `cso` is the id of one of `people`.";
        outcome.hit(Hit::at("case", "No Clinical Safety Officer is named.").remedy(remedy));
        return;
    };
    let Some(person) = case.person(id) else {
        let message = format!("The Clinical Safety Officer \"{id}\" is none of the people of the case.");
        outcome.hit(Hit::at("case", message).remedy("Add the person under `people`, with this id."));
        return;
    };
    for message in lacks(person, examined.subject.as_of) {
        outcome.hit(Hit::at(format!("people/{id}"), message));
    }
}

fn lacks(person: &Person, as_of: Date) -> Vec<String> {
    let name = &person.name;
    let stated = |text: &str| !text.trim().is_empty();
    let Some(registration) = person.registration.as_ref().filter(|registration| stated(&registration.body))
    else {
        return vec![format!("No professional registration is recorded for {name}.")];
    };
    let Registration { body, number, checked, expires } = registration;
    let mut lacks = Vec::new();
    if !number.as_deref().is_some_and(stated) {
        lacks.push(format!("The {body} registration of {name} has no number."));
    }
    match checked {
        None => lacks.push(format!("When the {body} registration of {name} was checked is not recorded.")),
        Some(date) if *date > as_of => {
            lacks.push(format!("The {body} registration of {name} was checked on {date}, after {as_of}."));
        }
        Some(_) => {}
    }
    if let Some(date) = expires.filter(|date| *date < as_of) {
        lacks.push(format!("The {body} registration of {name} expired on {date}."));
    }
    lacks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, date, fires, signatory, silent};

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
                "The report has changed since Dr Cora Officer, Clinical Safety Officer approved it on 2026-09-14."
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
    fn f5_no_officer() {
        fires("F5", |fixture| fixture.case.cso = None, "No Clinical Safety Officer is named.");
        fires(
            "F5",
            |fixture| fixture.case.cso = Some("nobody".to_owned()),
            "The Clinical Safety Officer \"nobody\" is none of the people of the case.",
        );
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
        fires("F5", expires("2026-09-13"), "The GMC registration of Dr Cora Officer expired on 2026-09-13.");
        assert_eq!(Fixture::with(expires("2026-09-14")).messages("F5"), Vec::<String>::new());
    }
}
