//! The clinical risk management plan, the competence behind it, and the review of the process itself.

use crate::assurance::Subject;
use crate::assurance::approvals::{name_of_person, plan_not_approved};
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "B12",
        level: Blocking,
        clause: Some("4.1.1"),
        title: "Planned activity without evidence",
        why: "The plan says which analysis the product needs; an activity that nothing shows may not have been done.",
        remedy: "Name what shows that it was done; or change the plan, and have it approved again.",
        how: Some("`evidence` of the activity, under `plan` in case.toml"),
        runs: &[Run::Case(activities)],
        ..Check::DEFAULT
    },
    Check {
        id: "F4",
        level: Blocking,
        clause: Some("3.2.1, 3.2.2"),
        title: "Clinical risk management plan missing or not approved",
        why: "The plan sets the criteria that every risk is measured by, and the Clinical Safety Officer approves it; without it, risks are measured by criteria that nobody has agreed.",
        remedy: "Record the plan: its version, the risk matrix that it sets, and who approved it and when.",
        how: Some("`plan` in case.toml, with `version`, `risk_matrix`, `approved_by` and `approved_on`"),
        never_waived: true,
        runs: &[Run::Case(plan)],
        ..Check::DEFAULT
    },
    Check {
        id: "F6",
        level: Warning,
        clause: Some("2.3.3, 2.4.2"),
        title: "No competence record of the Clinical Safety Officer",
        why: "The Clinical Safety Officer has to know risk management in clinical settings, and the record of it has to be kept.",
        remedy: "Record the training or experience, with its date and reference.",
        how: Some("`competence` in case.toml"),
        runs: &[Run::Case(competence)],
        ..Check::DEFAULT
    },
    Check {
        id: "F18",
        level: Warning,
        clause: Some("2.6.1"),
        title: "Process not reviewed within its interval",
        why: "What incidents and changes teach reaches the process when it is reviewed.",
        remedy: "Review the process, and record date and outcome; where it is younger than its interval, record since when it runs.",
        how: Some("`process_review` in case.toml; since when it runs stands in its `outcome`"),
        runs: &[Run::Case(process_review)],
        ..Check::DEFAULT
    },
];

fn is_blank(text: Option<&String>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

fn activities(examined: &Examined<'_>, outcome: &mut Outcome) {
    let Some(plan) = &examined.subject.case.plan else { return };
    for (activity, number) in plan.activities.iter().zip(1..) {
        if is_blank(activity.evidence.as_ref()) {
            let message =
                format!("Nothing shows that this planned activity was done: \"{}\".", activity.activity);
            outcome.hit(Hit::at(format!("plan/activities/{number}"), message));
        }
    }
}

fn plan(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    let Some(plan) = &subject.case.plan else {
        outcome.hit(Hit::at("plan", "No clinical risk management plan is recorded."));
        return;
    };
    if !plan.sets_criteria() {
        let message = "Which risk matrix and acceptability criteria the plan sets is not recorded.";
        outcome.hit(Hit::at("plan/risk_matrix", message));
    }
    if let Some(lack) = plan_not_approved(plan, subject, &examined.digests) {
        outcome.hit(Hit::at("plan/approved_by", lack.sentence).remedy(lack.remedy).how(lack.how));
    }
}

fn competence(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    // Without a Clinical Safety Officer there is one finding, F5.
    let Some(cso) = &case.cso else { return };
    if !case.competence.iter().any(|record| record.is_of(cso)) {
        let message = format!(
            "No training or experience of {}, the Clinical Safety Officer, is recorded.",
            name_of_person(case, cso)
        );
        outcome.hit(Hit::at("competence", message));
    }
}

fn process_review(examined: &Examined<'_>, outcome: &mut Outcome) {
    let Subject { case, as_of, .. } = examined.subject;
    let review = case.process_review.as_ref();
    let Some((review, last)) = review.and_then(|review| Some((review, review.last_reviewed?))) else {
        if review.is_none_or(|review| is_blank(review.outcome.as_ref())) {
            let message = "No review of the clinical risk management process is recorded.";
            outcome.hit(Hit::at("process_review", message));
        }
        return;
    };
    if review.due().is_some_and(|due| due < as_of) {
        let message = format!(
            "The clinical risk management process was last reviewed on {last:#}, more than {} months before {as_of:#}.",
            review.interval_in_months()
        );
        outcome.hit(Hit::at("process_review/last_reviewed", message));
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, approval, date, fires, some};
    use crate::case::approval::ApprovedDocument;
    use crate::case::plan::{PlannedActivity, ProcessReview};

    #[test]
    fn b12_an_activity_that_nothing_shows() {
        let activity = |evidence: Option<&str>| {
            let activity = PlannedActivity {
                activity: "Hazard workshop".to_owned(),
                phase: None,
                evidence: evidence.map(str::to_owned),
            };
            move |fixture: &mut Fixture| fixture.case.plan.as_mut().unwrap().activities.push(activity)
        };
        fires(
            "B12",
            activity(Some(" ")),
            "Nothing shows that this planned activity was done: \"Hazard workshop\".",
        );
        assert_eq!(Fixture::with(activity(Some("PSA-1"))).messages("B12"), Vec::<String>::new());
    }

    fn approved(by: Option<&str>, on: Option<&str>) -> impl FnOnce(&mut Fixture) {
        let (by, on) = (by.map(str::to_owned), on.map(date));
        move |fixture| {
            let plan = fixture.case.plan.as_mut().unwrap();
            (plan.approved_by, plan.approved_on) = (by, on);
        }
    }

    #[test]
    fn f4_no_plan_or_no_matrix() {
        fires("F4", |fixture| fixture.case.plan = None, "No clinical risk management plan is recorded.");
        fires(
            "F4",
            |fixture| fixture.case.plan.as_mut().unwrap().risk_matrix = some(""),
            "Which risk matrix and acceptability criteria the plan sets is not recorded.",
        );
    }

    #[test]
    fn f4_not_approved_by_the_officer_by_then() {
        for (spoil, message) in [
            (approved(None, None), "The clinical risk management plan is not recorded as approved."),
            (
                approved(Some("clinician"), Some("2026-02-01")),
                "The clinical risk management plan was approved by Dr Ada Clinic, who is not the Clinical Safety Officer.",
            ),
            (
                approved(Some("cso"), None),
                "When Dr Cora Officer approved the clinical risk management plan is not recorded.",
            ),
            (
                approved(Some("cso"), Some("2026-09-15")),
                "Dr Cora Officer approved the clinical risk management plan on 15 September 2026, after 14 September 2026, the date that the case is judged by.",
            ),
        ] {
            fires("F4", spoil, message);
        }
        let recorded = Fixture::with(|fixture| {
            approved(None, None)(fixture);
            fixture.approvals.push(approval(&fixture.case, ApprovedDocument::Plan, "cso"));
        });
        assert_eq!(recorded.messages("F4"), Vec::<String>::new());
    }

    #[test]
    fn f6_only_a_record_of_the_officer_counts() {
        fires(
            "F6",
            |fixture| fixture.case.competence[0].person = "clinician".to_owned(),
            "No training or experience of Dr Cora Officer, the Clinical Safety Officer, is recorded.",
        );
    }

    fn reviewed(last: Option<&str>, months: Option<u16>, outcome: Option<&str>) -> impl FnOnce(&mut Fixture) {
        let review = ProcessReview {
            last_reviewed: last.map(date),
            interval_months: months,
            outcome: outcome.map(str::to_owned),
        };
        move |fixture| fixture.case.process_review = Some(review)
    }

    #[test]
    fn f18_older_than_its_interval() {
        fires(
            "F18",
            reviewed(Some("2025-09-13"), None, None),
            "The clinical risk management process was last reviewed on 13 September 2025, more than 12 months before 14 September 2026.",
        );
        fires(
            "F18",
            reviewed(None, None, None),
            "No review of the clinical risk management process is recorded.",
        );
        for spoil in [
            reviewed(Some("2025-09-14"), Some(12), None),
            reviewed(Some("2024-10-01"), Some(24), None),
            reviewed(None, None, Some("In place since May 2026; first review in May 2027")),
        ] {
            assert_eq!(Fixture::with(spoil).messages("F18"), Vec::<String>::new());
        }
    }
}
