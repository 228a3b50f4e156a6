//! The plan and the Target Operating Model: documents of their own, which say themselves who approved them. Their word
//! counts until an approval is recorded here; then only that does.

use super::recorded::may_not;
use super::staleness::Present;
use super::{Current, given, name_of_person};
use crate::assurance::Subject;
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::digest::Digests;
use crate::case::placeholder::{self, Written};
use crate::case::plan::RiskManagementPlan;
use crate::case::tom::{Answer, SignOffLevel, Tom};

/// Why the plan is not approved. An entry of approvals.toml counts for the plan as it is; without one the plan's
/// own word does.
#[must_use]
pub fn plan_not_approved(
    plan: &RiskManagementPlan,
    subject: &Subject<'_>,
    digests: &Digests,
) -> Option<String> {
    let case = subject.case;
    if has_record(subject, ApprovedDocument::Plan) {
        return (!is_approved(subject, digests, ApprovedDocument::Plan)).then(|| {
            let what = "The recorded approval of the clinical risk management plan is not of the plan as it is now, or not given by the Clinical Safety Officer.";
            what.to_owned() + &since(subject, digests, ApprovedDocument::Plan)
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
            "{} approved the clinical risk management plan on {on:#}, after {:#}, the date that the case is judged by.",
            name_of_person(case, by),
            subject.as_of
        )),
        (Some(_), Some(_)) => None,
    }
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

/// Why a recorded sign-off of the TOM is not the one that its level demands.
#[must_use]
pub fn tom_not_signed(tom: &Tom, subject: &Subject<'_>, digests: &Digests) -> Option<String> {
    let demands = demand(tom).filter(|_| has_record(subject, ApprovedDocument::Tom))?;
    (!is_approved(subject, digests, ApprovedDocument::Tom)).then(|| {
        let since = since(subject, digests, ApprovedDocument::Tom);
        format!("{demands}; the recorded approval is not of its answers as they are now, or not given by somebody whose registration is shown to be current.{since}")
    })
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
    subject.approvals.iter().any(|record| record.document == document)
}

/// Somebody who may has approved the document as it is now.
fn is_approved(subject: &Subject<'_>, digests: &Digests, document: ApprovedDocument) -> bool {
    let current = Current::of(document, subject.case, digests);
    let may = |record: &Approval| may_not(subject, document, &record.person).is_none();
    given(subject, document).any(|record| may(record) && current.is_approved_by(record))
}

/// What changed since the latest approval of other content, as far as it fits into a sentence.
fn since(subject: &Subject<'_>, digests: &Digests, document: ApprovedDocument) -> String {
    const TOLD: usize = 4;
    let current = Current::of(document, subject.case, digests);
    let outdated = given(subject, document).filter(|record| !current.is_content_of(record));
    let Some(record) = outdated.max_by_key(|record| record.date) else { return String::new() };
    match Present::of(subject).changes_since(record) {
        Err(unknown) => format!(" {unknown}"),
        Ok(changes) => {
            let words = changes.words();
            let told = words.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join("; ");
            let more = match words.len().saturating_sub(TOLD) {
                0 => String::new(),
                more => format!("; and {more} more"),
            };
            format!(" Changed since {:#}: {told}{more}.", record.date)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, approval, date, tom};
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
    fn f32_a_recorded_sign_off_is_of_somebody_registered() {
        let mut fixture = at_level_3();
        let record = approval(&fixture.case, ApprovedDocument::Tom, "clinician");
        fixture.approvals.push(record);
        assert_eq!(fixture.messages("F32"), Vec::<String>::new());
        assert_eq!(fixture.messages("T3"), Vec::<String>::new());
        fixture.case.people[1].registration.as_mut().unwrap().expires = Some(date("2026-09-13"));
        assert_eq!(fixture.messages("F32").len(), 1, "a registration that has run out signs nothing");
    }
}
