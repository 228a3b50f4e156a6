//! Approvals that are recorded of the plan and of the Target Operating Model, each with what it is worth. Nobody has to
//! record one, because these documents say themselves who approved them; whoever reads a report sees those that are
//! recorded beside the ones that are required.

use super::own_word::{may_sign_tom, plan_not_approved};
use super::{Current, Present, Void, name_of_person, void};
use crate::assurance::{ApprovalRecord, ApprovalState, PlanApproval, Subject};
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::digest::Digests;

const DOCUMENTS: [ApprovedDocument; 2] = [ApprovedDocument::Plan, ApprovedDocument::Tom];

/// What is recorded of the plan and of the TOM: of each person the approval that counts, else the latest.
#[must_use]
pub fn recorded(subject: &Subject<'_>, digests: &Digests) -> Vec<ApprovalState> {
    let present = Present::of(subject);
    let mut states = Vec::new();
    for document in DOCUMENTS {
        let current = Current::of(document, subject.case, digests);
        let of_document = || subject.approvals.iter().filter(move |record| record.document == document);
        let mut people: Vec<&str> = Vec::new();
        for record in of_document() {
            if !people.contains(&record.person.as_str()) {
                people.push(&record.person);
            }
        }
        for person in people {
            let own = of_document().filter(|record| record.person == person);
            let shown = own
                .max_by_key(|record| (standing(subject, &current, record) == Standing::Counts, record.date));
            states.extend(shown.map(|record| state(&present, &current, record)));
        }
    }
    states
}

/// Who approved the plan, as far as that counts: by a recorded approval, else by its own word.
#[must_use]
pub fn plan_approval(subject: &Subject<'_>, digests: &Digests) -> Option<PlanApproval> {
    let plan = subject.case.plan.as_ref()?;
    let fault = plan_not_approved(plan, subject, digests).map(|lack| lack.sentence);
    let current = Current::of(ApprovedDocument::Plan, subject.case, digests);
    let records = subject.approvals.iter().filter(|record| record.document == ApprovedDocument::Plan);
    let counts = records.filter(|record| standing(subject, &current, record) == Standing::Counts);
    let (by, on, is_recorded) = match counts.max_by_key(|record| record.date) {
        Some(record) => (Some(record.person.clone()), Some(record.date), true),
        None => (plan.approved_by.clone(), plan.approved_on, false),
    };
    Some(PlanApproval { by, on, is_recorded, fault })
}

/// Why an approval of this document by this person does not count, whatever it is of.
fn may_not(subject: &Subject<'_>, document: ApprovedDocument, id: &str) -> Option<String> {
    let Subject { case, as_of, .. } = *subject;
    let name = name_of_person(case, id);
    match document {
        ApprovedDocument::Plan if case.cso.as_deref() != Some(id) => {
            Some(format!("{name} is not the Clinical Safety Officer."))
        }
        ApprovedDocument::Tom => match case.person(id) {
            Some(person) if may_sign_tom(subject, person) => {
                let fault = person.registration_faults(as_of).into_iter().next()?;
                Some(person.fault_in_words(fault, as_of))
            }
            Some(_) => Some(format!(
                "{name} is neither a Clinical Safety Officer nor a registered social care professional."
            )),
            None => Some(format!("The case has no person {id}.")),
        },
        _ => None,
    }
}

/// What a record is worth.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    Counts,
    Stale,
    Not(String),
}

fn standing(subject: &Subject<'_>, current: &Current<'_>, record: &Approval) -> Standing {
    let as_of = subject.as_of;
    if record.date > as_of {
        return Standing::Not(format!("It is dated after {as_of:#}, the date that the case is judged by."));
    }
    match void(subject, record) {
        Some(Void::Withdrawn) => return Standing::Not(withdrawn(record)),
        Some(Void::Altered) => {
            return Standing::Not("The record was altered since it was made.".to_owned());
        }
        Some(Void::AnotherPerson) => {
            let why = "It was recorded under another name or registration than the person now has.";
            return Standing::Not(why.to_owned());
        }
        None => {}
    }
    if let Some(why) = may_not(subject, record.document, &record.person) {
        return Standing::Not(why);
    }
    match (current.is_content_of(record), current.is_version_of(record)) {
        (true, true) => Standing::Counts,
        (false, _) => Standing::Stale,
        (true, false) => Standing::Not(format!(
            "It names version {} of the {}.",
            record.version.as_deref().unwrap_or_default(),
            record.document.name()
        )),
    }
}

fn withdrawn(record: &Approval) -> String {
    let because = record.withdrawn_because.as_deref().unwrap_or_default().trim();
    match record.withdrawn {
        Some(on) => format!("It was withdrawn on {on:#}: \"{because}\"."),
        None => format!("It was withdrawn: \"{because}\"."),
    }
}

fn state(present: &Present<'_>, current: &Current<'_>, record: &Approval) -> ApprovalState {
    let person = present.subject.case.person(&record.person);
    let name = name_of_person(present.subject.case, &record.person).to_owned();
    let mut state = ApprovalState {
        person: Some(record.person.clone()),
        role: person.and_then(|person| person.role.clone()),
        ..super::required(record.document, person, name)
    };
    match standing(&present.subject, current, record) {
        Standing::Counts => super::tell_given(&mut state, ApprovalRecord::Approved, record),
        Standing::Stale => {
            super::tell_given(&mut state, ApprovalRecord::Stale, record);
            super::tell_changes(&mut state, present, record);
        }
        Standing::Not(why) => {
            super::tell_given(&mut state, ApprovalRecord::NotCounted, record);
            state.not_counted = Some(why);
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, approval, date};
    use crate::case::approval::{ApprovalEvidence, ApprovalMeans};

    fn found(fixture: &Fixture) -> Vec<ApprovalState> {
        recorded(&fixture.subject(), &Digests::of(&fixture.case))
    }

    fn plan(fixture: &Fixture) -> PlanApproval {
        plan_approval(&fixture.subject(), &Digests::of(&fixture.case)).unwrap()
    }

    fn with_plan_approved_by(person: &str) -> Fixture {
        Fixture::with(|fixture| {
            fixture.case.plan.as_mut().unwrap().approved_on = Some(date("2026-02-01"));
            fixture.approvals.push(approval(&fixture.case, ApprovedDocument::Plan, person));
        })
    }

    #[test]
    fn an_approval_of_the_plan_is_shown_and_takes_the_place_of_its_own_word() {
        let without = Fixture::new();
        assert_eq!(found(&without), []);
        assert!(!plan(&without).is_recorded);

        let mut fixture = with_plan_approved_by("cso");
        let record = fixture.approvals.last_mut().unwrap();
        record.means = Some(ApprovalMeans::EMail);
        record.evidence =
            Some(ApprovalEvidence { file: "evidence/plan.eml".to_owned(), sha256: "0".repeat(64) });
        record.statement = Some("I approve the plan.".to_owned());
        let [shown] = &found(&fixture)[..] else { panic!("one is recorded") };
        assert_eq!((shown.document, shown.state), (ApprovedDocument::Plan, ApprovalRecord::Approved));
        let given = shown.given.as_ref().unwrap();
        assert_eq!(given.means, Some("by e-mail"));
        assert_eq!(given.evidence.as_deref(), Some("evidence/plan.eml"));
        assert_eq!(given.statement.as_deref(), Some("I approve the plan."));
        let plan = plan(&fixture);
        assert_eq!(
            (plan.by.as_deref(), plan.on, plan.is_recorded),
            (Some("cso"), Some(date("2026-09-14")), true)
        );
        assert_eq!(plan.fault, None);
    }

    #[test]
    fn what_the_report_says_of_the_plan_is_what_the_finding_says() {
        let mut fixture = with_plan_approved_by("cso");
        fixture.case.plan.as_mut().unwrap().risk_matrix = Some("Another matrix".to_owned());
        let states = found(&fixture);
        assert_eq!(states[0].state, ApprovalRecord::Stale);
        assert!(!states[0].changed_since.is_empty());
        let fault = plan(&fixture).fault.unwrap();
        assert!(fixture.messages("F4").contains(&fault), "{fault}");
    }

    #[test]
    fn an_approval_that_does_not_count_says_why() {
        let fixture = with_plan_approved_by("clinician");
        let [shown] = &found(&fixture)[..] else { panic!("one is recorded") };
        assert_eq!(shown.state, ApprovalRecord::NotCounted);
        assert_eq!(shown.not_counted.as_deref(), Some("Dr Ada Clinic is not the Clinical Safety Officer."));

        let because = |change: fn(&mut Approval)| {
            let mut fixture = with_plan_approved_by("cso");
            change(fixture.approvals.last_mut().unwrap());
            found(&fixture)[0].not_counted.clone().unwrap()
        };
        assert_eq!(
            because(|record| record.date = date("2026-09-15")),
            "It is dated after 14 September 2026, the date that the case is judged by."
        );
        assert_eq!(
            because(|record| record.name = Some("Dr B Else".to_owned())),
            "It was recorded under another name or registration than the person now has."
        );
        assert_eq!(
            because(|record| record.version = Some("0.1".to_owned())),
            "It names version 0.1 of the clinical risk management plan."
        );
    }

    #[test]
    fn of_one_person_the_approval_that_counts_is_shown() {
        let mut fixture = with_plan_approved_by("cso");
        let mut later = fixture.approvals.last().unwrap().clone();
        later.date = date("2026-09-20");
        fixture.approvals.push(later);
        let states = found(&fixture);
        assert_eq!((states.len(), states[0].state), (1, ApprovalRecord::Approved));
    }
}
