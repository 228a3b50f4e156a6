//! The plan and the Target Operating Model: documents of their own, which say themselves who approved them. Their word
//! counts until somebody who may approve them has an approval recorded here; then only that does. Anybody else's
//! record says nothing for them and nothing against.

use super::{Current, Present, Void, given, name_of_person, told, void};
use crate::assurance::Subject;
use crate::assurance::finding::CHANGED_SINCE;
use crate::assurance::wording::{WORDING, words};
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::digest::Digests;
use crate::case::person::Person;
use crate::case::placeholder::{self, Written};
use crate::case::plan::RiskManagementPlan;
use crate::case::tom::{Answer, SignOffLevel, Tom};

/// Why a document is not approved, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    pub sentence: String,
    pub remedy: String,
    /// How that is done in the case folder.
    pub how: String,
}

/// Why the plan is not approved. A recorded approval of the Clinical Safety Officer counts for the plan as it is;
/// without one the plan's own word does.
#[must_use]
pub fn plan_not_approved(
    plan: &RiskManagementPlan,
    subject: &Subject<'_>,
    digests: &Digests,
) -> Option<Lack> {
    let is_cso = |record: &&Approval| subject.case.cso.as_ref() == Some(&record.person);
    match last_record(subject, digests, ApprovedDocument::Plan, is_cso) {
        Some(record) => not_approved_by(record, subject, digests),
        None => own_word_of_plan(plan, subject),
    }
}

fn own_word_of_plan(plan: &RiskManagementPlan, subject: &Subject<'_>) -> Option<Lack> {
    const PLAN: &str = "clinical risk management plan";
    let case = subject.case;
    let sentence = match (&plan.approved_by, plan.approved_on) {
        (None, _) => format!("The {PLAN} is not recorded as approved."),
        (Some(by), _) if case.cso.as_ref() != Some(by) => format!(
            "The {PLAN} was approved by {}, who is not the Clinical Safety Officer.",
            name_of_person(case, by)
        ),
        (Some(by), None) => format!("When {} approved the {PLAN} is not recorded.", name_of_person(case, by)),
        (Some(by), Some(on)) if on > subject.as_of => format!(
            "{} approved the {PLAN} on {on:#}, after {:#}, the date that the case is judged by.",
            name_of_person(case, by),
            subject.as_of
        ),
        (Some(_), Some(_)) => return None,
    };
    let command = case
        .cso
        .as_ref()
        .map_or_else(String::new, |cso| format!("; or {}", command(ApprovedDocument::Plan, cso)));
    Some(Lack {
        sentence,
        remedy: "Record when the Clinical Safety Officer approved the plan; or have it approved now."
            .to_owned(),
        how: format!("`approved_by` and `approved_on` under `plan` in case.toml{command}"),
    })
}

/// Of the records of those who may approve a document, the one that speaks for it: one that approves it as it is now,
/// else the latest. One of a day to come is not given yet.
fn last_record<'a>(
    subject: &Subject<'a>,
    digests: &Digests,
    document: ApprovedDocument,
    may: impl Fn(&&'a Approval) -> bool,
) -> Option<&'a Approval> {
    let current = Current::of(document, subject.case, digests);
    let given = given(subject, document).filter(&may).filter(|record| current.is_approved_by(record));
    let records = subject.approvals.iter().filter(|record| record.document == document);
    let latest = || {
        records.filter(|record| record.date <= subject.as_of).filter(&may).max_by_key(|record| record.date)
    };
    given.max_by_key(|record| record.date).or_else(latest)
}

/// Why this record does not approve its document as it is now.
fn not_approved_by(record: &Approval, subject: &Subject<'_>, digests: &Digests) -> Option<Lack> {
    let current = Current::of(record.document, subject.case, digests);
    let (document, date) = (record.document.name(), record.date);
    let name = name_of_person(subject.case, &record.person);
    let mut remedy = format!("Have {name} read it as it is now, and record the approval.");
    let sentence = match void(subject, record) {
        Some(Void::Withdrawn) => {
            let because = record.withdrawn_because.as_deref().unwrap_or_default().trim();
            format!("{name} withdrew the approval of the {document} of {date:#}: \"{because}\".")
        }
        Some(Void::Altered) => format!(
            "The recorded approval of the {document} by {name} on {date:#} was altered and does not count."
        ),
        Some(Void::AnotherPerson) => format!(
            "The recorded approval of the {document} on {date:#} was given by {}, under the id that is now {name}'s.",
            record.name.as_deref().unwrap_or("somebody else"),
        ),
        None if !current.is_content_of(record) => {
            let since = match Present::of(subject).changes_since(record) {
                Ok(changes) => format!("{CHANGED_SINCE}{}.", told(&changes)),
                Err(unknown) => unknown.to_owned(),
            };
            remedy = format!("Have {name} read what has changed, and record the approval.");
            format!("The {document} has changed since {name} approved it on {date:#}. {since}")
        }
        None if !current.is_version_of(record) => format!(
            "{name} approved version {} of the {document} on {date:#}, and {}.",
            record.version.as_deref().unwrap_or_default(),
            current
                .version
                .map_or_else(|| "it has none".to_owned(), |version| format!("it is version {version}")),
        ),
        None => return None,
    };
    Some(Lack { sentence, remedy, how: command(record.document, &record.person) })
}

fn command(document: ApprovedDocument, person: &str) -> String {
    format!("`cscr approve CASE --document {} --person {person}`", document.key())
}

/// Question of the TOM whether a Clinical Safety Officer or a registered social care professional has signed.
pub const SIGNED: &str = "CS-055";
/// The lowest level at which one of them has to.
const SIGNED_FROM: u8 = 2;

/// The level of a TOM that somebody has to sign off, in words.
fn demand(tom: &Tom) -> Option<String> {
    let level = tom.level().level().map(SignOffLevel::number).filter(|level| *level >= SIGNED_FROM)?;
    Some(format!(
        "The Target Operating Model is of level {level}, which a Clinical Safety Officer or a registered social care professional signs off"
    ))
}

/// Why a recorded sign-off of the TOM is not the one that its level demands: not of its answers as they are now, or
/// of nobody who may sign it.
#[must_use]
pub fn tom_not_signed(tom: &Tom, subject: &Subject<'_>, digests: &Digests) -> Option<Lack> {
    let demands = demand(tom).filter(|_| has_record(subject, ApprovedDocument::Tom))?;
    let Subject { case, as_of, .. } = *subject;
    let may =
        |record: &&Approval| case.person(&record.person).is_some_and(|person| may_sign_tom(subject, person));
    let Some(record) = last_record(subject, digests, ApprovedDocument::Tom, may) else {
        return Some(Lack {
            sentence: format!("{demands}; {}.", nobody_who_may(subject)),
            remedy: "Have one of them read the answers as they are now, and record the approval.".to_owned(),
            how: "`cscr approve CASE --document tom --person ID`; `role` and `registration` of the person in case.toml"
                .to_owned(),
        });
    };
    if let Some(lack) = not_approved_by(record, subject, digests) {
        return Some(Lack { sentence: format!("{demands}. {}", lack.sentence), ..lack });
    }
    let person = case.person(&record.person)?;
    let fault = *person.registration_faults(as_of).first()?;
    Some(Lack {
        sentence: format!("{demands}. {}", person.fault_in_words(fault, as_of)),
        remedy: "Look the registration up in the body's register, and record body, number and the date of the look-up."
            .to_owned(),
        how: "`registration` of the person, in case.toml".to_owned(),
    })
}

/// Who signed a TOM that nobody signed who may.
fn nobody_who_may(subject: &Subject<'_>) -> String {
    let of_tom =
        |record: &&Approval| record.document == ApprovedDocument::Tom && record.date <= subject.as_of;
    let latest = subject.approvals.iter().filter(of_tom).max_by_key(|record| record.date);
    latest.map_or_else(String::new, |record| {
        let role = subject.case.person(&record.person).and_then(|person| person.role.as_deref());
        let role =
            role.map_or_else(|| ", of whom no role is recorded".to_owned(), |role| format!(", {role}"));
        format!(
            "the approval of {:#} is by {}{role}",
            record.date,
            name_of_person(subject.case, &record.person)
        )
    })
}

/// Whether somebody is one of those who sign off a TOM: the Clinical Safety Officer of the case; or whoever's role
/// says that they are one, here or in the organisation that uses the product, or whose role or register says that
/// they are a registered social care professional. Whether the registration is current is asked apart from that.
#[must_use]
pub fn may_sign_tom(subject: &Subject<'_>, person: &Person) -> bool {
    let role = words(person.role.as_deref().unwrap_or_default());
    let body = words(person.registered().map_or("", |registration| &registration.body));
    let people = &WORDING.people;
    subject.case.cso.as_ref() == Some(&person.id)
        || people.safety_officers.is_in(&role)
        || people.social_care.is_in(&role)
        || people.social_care.is_in(&body)
}

/// What the TOM leaves open of its sign-off, where no approval of it is recorded. The interface may well be signed off
/// after the report is issued: then the TOM answers No and says so.
#[must_use]
pub fn tom_sign_off_open(tom: &Tom, subject: &Subject<'_>) -> Option<String> {
    let demands = demand(tom).filter(|_| !has_record(subject, ApprovedDocument::Tom))?;
    let answer = tom.answers.iter().find(|answer| answer.id == SIGNED);
    let has_reason = answer
        .and_then(|answer| answer.notes.as_deref())
        .is_some_and(|notes| placeholder::written(Some(notes)) == Written::Finished);
    match answer.and_then(|answer| answer.answer) {
        None => Some(format!("{demands}; whether anybody has ({SIGNED}) is not answered.")),
        Some(Answer::No) if !has_reason => {
            Some(format!("{demands}; by its own answer {SIGNED} nobody has, and why is not said."))
        }
        Some(_) => None,
    }
}

fn has_record(subject: &Subject<'_>, document: ApprovedDocument) -> bool {
    subject.approvals.iter().any(|record| record.document == document && record.date <= subject.as_of)
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, approval, date, kept, some, tom};
    use crate::case::approval::ApprovedDocument;
    use crate::case::tom::Answer::{No, Yes};

    fn at_level_3() -> Fixture {
        Fixture::with(|fixture| {
            let answers = ["CS-01", "CS-02", "CS-031", "CS-032", "CS-033", "CS-034"]
                .map(|id| (id, if id == "CS-031" { Yes } else { No }));
            fixture.case.tom = Some(tom(&answers));
        })
    }

    #[test]
    fn t3_the_tom_says_whether_it_is_signed_off() {
        let fixture = at_level_3();
        let demands = "The Target Operating Model is of level 3, which a Clinical Safety Officer or a registered social care professional signs off;";
        assert_eq!(
            fixture.messages("T3"),
            [format!("{demands} whether anybody has (CS-055) is not answered.")]
        );
        assert_eq!(fixture.messages("F32"), Vec::<String>::new());
    }

    #[test]
    fn f32_an_officer_or_a_social_care_professional_whose_registration_is_current() {
        let mut fixture = at_level_3();
        let record = approval(&fixture.case, ApprovedDocument::Tom, "clinician");
        fixture.approvals.push(record);
        let demands = "The Target Operating Model is of level 3, which a Clinical Safety Officer or a registered social care professional signs off";
        let by = "the approval of 14 September 2026 is by Dr Ada Clinic, ";
        assert_eq!(fixture.messages("F32"), [format!("{demands}; {by}General practitioner.")]);
        assert_eq!(fixture.messages("T3"), Vec::<String>::new());
        for role in ["Deputy Clinical Safety Officer", "CSO of the trust", "Registered social worker"] {
            fixture.case.people[1].role = some(role);
            assert_eq!(fixture.messages("F32"), Vec::<String>::new(), "{role}");
        }
        fixture.case.people[1].registration.as_mut().unwrap().expires = Some(date("2026-09-13"));
        assert_eq!(
            fixture.messages("F32"),
            [format!("{demands}. The GMC registration of Dr Ada Clinic expired on 13 September 2026.")]
        );
        fixture.case.people[1].role = some("Team manager");
        let registration = fixture.case.people[1].registration.as_mut().unwrap();
        (registration.body, registration.expires) = ("Social Work England".to_owned(), None);
        assert_eq!(fixture.messages("F32"), Vec::<String>::new());
    }

    #[test]
    fn f4_a_needless_approval_of_the_plan_does_no_harm() {
        let mut fixture = Fixture::new();
        assert_eq!(fixture.messages("F4"), Vec::<String>::new(), "by its own word it is approved");
        fixture.approvals.push(approval(&fixture.case, ApprovedDocument::Plan, "clinician"));
        assert_eq!(fixture.messages("F4"), Vec::<String>::new());
        fixture.approvals[0].content_digest = "0".repeat(64);
        assert_eq!(fixture.messages("F4"), Vec::<String>::new());
    }

    #[test]
    fn f4_says_which_cause_it_is_and_what_clears_it() {
        let mut fixture = Fixture::new();
        fixture.approvals.push(approval(&fixture.case, ApprovedDocument::Plan, "cso"));
        kept(&mut fixture);
        fixture.case.plan.as_mut().unwrap().authorisation_levels.clear();
        fixture.case.plan.as_mut().unwrap().risk_matrix = some("Another");
        let finding = &fixture.findings("F4")[0];
        let says = "The clinical risk management plan has changed since Dr Cora Officer approved it on 14 September 2026. Changed since: ";
        assert!(finding.message.starts_with(says), "{}", finding.message);
        assert_eq!(finding.how.as_deref(), Some("`cscr approve CASE --document plan --person cso`"));
        let again = approval(&fixture.case, ApprovedDocument::Plan, "cso");
        fixture.approvals.push(again);
        assert_eq!(fixture.messages("F4"), Vec::<String>::new(), "and that clears it");

        fixture.approvals[1].version = some("9.9");
        let message = &fixture.messages("F4")[0];
        assert!(
            message.starts_with("Dr Cora Officer approved version 9.9 of the clinical risk management plan"),
            "{message}"
        );

        let record = &mut fixture.approvals[1];
        (record.version, record.withdrawn) = (None, Some(date("2026-09-14")));
        record.withdrawn_because = some("It names the wrong matrix.");
        assert_eq!(
            fixture.messages("F4"),
            [
                "Dr Cora Officer withdrew the approval of the clinical risk management plan of 14 September 2026: \"It names the wrong matrix.\"."
            ]
        );
    }
}
