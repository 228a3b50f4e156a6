//! B: analysis. Is each hazard described, was every way into and out of the product looked at, and by whom?

use crate::assurance::LogSubject;
use crate::assurance::attendance;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules;
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::graph::Kind;
use crate::case::system::PointKind;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "B1",
        level: Blocking,
        clause: Some("4.3.1"),
        title: "Hazard not fully described",
        why: "Without a name, a description, an effect on the patient and a cause, a hazard cannot be rated or controlled.",
        remedy: "Fill in what is missing in the hazard log.",
        runs: &[Run::Log(descriptions)],
        ..Check::DEFAULT
    },
    Check {
        id: "B10",
        level: Warning,
        clause: Some("4.3.1"),
        title: "No hazard under fault conditions",
        why: "Hazards arise when the product works as it should and when it fails. Where none is recorded for failure, a reader cannot tell whether failure was considered.",
        remedy: "Say which hazards arise in failure; or assess what can fail, each with its hazards or the reason why it leads to none.",
        how: Some(
            "`condition` of a hazard in supplement.toml; or an item of risk-assessment.toml with `kind = \"fault-condition\"`, and `hazards` or `no_hazard_because`",
        ),
        runs: &[Run::Case(fault_conditions)],
        ..Check::DEFAULT
    },
    Check {
        id: "B11",
        level: Warning,
        clause: Some("4.3.1, 4.2.1"),
        title: "Entry point, exit point or workflow step that was not assessed",
        why: "Harm enters where a pathway enters or leaves the product, and at each step of its users' work; one that was not assessed may hide a hazard.",
        remedy: "Add it to the risk assessment, with the hazards it leads to or the reason why it leads to none.",
        how: Some(
            "an item of risk-assessment.toml with `interface_point` or `workflow_step`, and `hazards` or `no_hazard_because`",
        ),
        runs: &[Run::Case(points), Run::Case(steps)],
        ..Check::DEFAULT
    },
    Check {
        id: "B13",
        level: Warning,
        clause: Some("4.1.2"),
        title: "No multidisciplinary PSA session",
        why: "The standard asks that a multidisciplinary group, a Clinical Safety Officer among them, does the analysis; one profession alone does not see the hazards that another does.",
        remedy: "Hold a session with those whom the risk policy asks for, a Clinical Safety Officer and somebody of another role if it says nothing else; or record who was there, each with their role.",
        runs: &[Run::Case(disciplines)],
        ..Check::DEFAULT
    },
];

fn descriptions(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    for hazard in &subject.log.hazards {
        let fields = [
            ("name", "no name", blank(&hazard.name)),
            ("description", "no description", blank(&hazard.description)),
            ("impact", "no clinical impact", blank(&hazard.impact)),
            ("causes", "no cause", hazard.causes.is_empty()),
        ];
        let missing: Vec<(&str, &str)> = fields
            .into_iter()
            .filter(|(.., missing)| *missing)
            .map(|(field, words, _)| (field, words))
            .collect();
        if let Some((first, _)) = missing.first() {
            let words: Vec<&str> = missing.iter().map(|(_, words)| *words).collect();
            outcome.hit(Hit::hazard(
                &hazard.key,
                first,
                format!("{} has {}.", hazard.key, super::list(&words)),
            ));
        }
    }
}

fn fault_conditions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    // Without any hazard there is one finding, A8.
    if !case.hazard_log.hazards.is_empty() && !rules::failure_was_considered(case) {
        let message = "No hazard is said to arise in failure, no cause speaks of a part of the product that fails, and no item of the risk assessment is a fault condition.";
        outcome.hit(Hit::at("risk_assessment", message));
    }
}

fn points(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    // Without any risk assessment there is one finding, R4, and not one a point.
    if case.risk_assessment.is_empty() {
        return;
    }
    for interface in &case.interfaces {
        for point in &interface.points {
            if examined.graph.is_taken_up(Kind::Point, &point.id) {
                continue;
            }
            let kind = match point.kind {
                PointKind::Entry => "entry point",
                PointKind::Exit => "exit point",
            };
            let message = format!(
                "No item of the risk assessment looks at the {kind} {} of {}: \"{}\".",
                point.id, interface.name, point.description
            );
            outcome.hit(Hit::at(format!("interfaces/{}/points/{}", interface.id, point.id), message));
        }
    }
}

fn steps(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let items = &case.risk_assessment;
    if items.is_empty() {
        return;
    }
    for (step, number) in case.system.workflow.iter().zip(1..) {
        if !examined.graph.is_taken_up(Kind::Step, &step.id) {
            let message = format!(
                "No item of the risk assessment looks at the workflow step {}: \"{}\".",
                step.id, step.description
            );
            outcome.hit(Hit::at(format!("system/workflow/{number}"), message));
        }
    }
}

fn disciplines(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    if case.psa.is_empty() {
        outcome.hit(Hit::at("psa", "No PSA session is recorded."));
        return;
    }
    if !case.psa.iter().any(|session| attendance::is_met(case, session)) {
        let who = attendance::demanded(case);
        let message = match &case.psa[..] {
            [session] => format!("PSA session {} does not record {who} as present.", session.id),
            sessions => format!("None of the {} PSA sessions records {who} as present.", sessions.len()),
        };
        let policy = attendance::demanded_by(case).map_or_else(String::new, |policy| format!(" {policy}"));
        outcome.hit(Hit::at(format!("psa/{}", case.psa[0].id), message + &policy));
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::assure;
    use crate::assurance::testing::{Fixture, fires, some};
    use crate::case::hazard::Condition;
    use crate::case::matrix::PsaAttendance;
    use crate::case::risk_assessment::ItemKind;
    use crate::case::system::WorkflowStep;

    #[test]
    fn b1_what_is_missing_is_named_once_a_hazard() {
        let spoil = |fixture: &mut Fixture| {
            fixture.hazard().impact = some(" ");
            fixture.hazard().description = None;
            fixture.hazard().causes.clear();
        };
        fires("B1", spoil, "H01 has no description, no clinical impact and no cause.");
    }

    #[test]
    fn b10_nothing_was_looked_at_in_failure() {
        let normal = |fixture: &mut Fixture| {
            for hazard in &mut fixture.case.hazard_log.hazards {
                hazard.condition = Some(Condition::Normal);
            }
        };
        fires(
            "B10",
            normal,
            "No hazard is said to arise in failure, no cause speaks of a part of the product that fails, and no item of the risk assessment is a fault condition.",
        );
        let assessed = Fixture::with(|fixture| {
            normal(fixture);
            fixture.case.risk_assessment[0].kind = ItemKind::FaultCondition;
        });
        assert_eq!(assessed.messages("B10"), Vec::<String>::new());
        let told = Fixture::with(|fixture| {
            normal(fixture);
            fixture.hazard().condition = None;
            fixture.hazard().causes[0].text = "Failure of the national network".to_owned();
        });
        assert_eq!(told.messages("B10"), Vec::<String>::new(), "a cause says so");
    }

    #[test]
    fn b11_a_step_of_the_workflow_that_nobody_looked_at() {
        let with_step = |fixture: &mut Fixture| {
            let step = WorkflowStep { id: "WF-1".to_owned(), description: "The referral is read".to_owned() };
            fixture.case.system.workflow.push(step);
        };
        let message =
            "No item of the risk assessment looks at the workflow step WF-1: \"The referral is read\".";
        fires("B11", with_step, message);
        let assessed = Fixture::with(|fixture| {
            with_step(fixture);
            fixture.case.risk_assessment[0].workflow_step = some("WF-1");
        });
        assert_eq!(assessed.messages("B11"), Vec::<String>::new());
        let unanswered = assure(&Fixture::with(with_step).subject()).cross_reference;
        assert!(unanswered.gaps.iter().any(|gap| gap.subject == "WF-1"), "{:?}", unanswered.gaps);
    }

    #[test]
    fn b13_no_session() {
        fires("B13", |fixture| fixture.case.psa.clear(), "No PSA session is recorded.");
    }

    #[test]
    fn b13_a_cso_alone_or_with_apologies_is_no_group() {
        let message = "PSA session PSA-1 does not record a Clinical Safety Officer and somebody of another role as present.";
        fires("B13", |fixture| fixture.case.psa[0].attendees.truncate(1), message);
        fires("B13", |fixture| fixture.case.psa[0].attendees[0].apologies = true, message);
    }

    #[test]
    fn b13_knows_people_by_the_words_of_the_minutes() {
        let fixture = Fixture::with(|fixture| {
            let attendees = &mut fixture.case.psa[0].attendees;
            (attendees[0].person, attendees[0].role) = (None, some("Deputy CSO"));
            (attendees[1].person, attendees[1].role) = (None, some("Ward nurse"));
        });
        assert_eq!(fixture.messages("B13"), Vec::<String>::new());
    }

    #[test]
    fn b13_another_role_need_not_be_clinical() {
        let fixture = Fixture::with(|fixture| {
            fixture.case.people[1].clinician = false;
            fixture.case.people[1].role = some("Lead engineer");
        });
        assert_eq!(fixture.messages("B13"), Vec::<String>::new());
    }

    #[test]
    fn b13_a_second_officer_or_a_registration_is_no_other_role() {
        let message = "PSA session PSA-1 does not record a Clinical Safety Officer and somebody of another role as present.";
        let deputy = some("Deputy Clinical Safety Officer");
        fires("B13", |fixture| fixture.case.people[1].role = deputy.clone(), message);
        fires("B13", |fixture| fixture.case.psa[0].attendees[1].role = deputy.clone(), message);
        let registered = |fixture: &mut Fixture| {
            let other = &mut fixture.case.psa[0].attendees[1];
            (other.person, other.name) = (None, some("Dr Sam Visitor"));
            other.registration = some("NMC 00A0000E");
        };
        fires("B13", registered, message);
    }

    #[test]
    fn b13_asks_for_whom_the_policy_demands() {
        let demanding = |clinicians, cso, safety_engineer| {
            Fixture::with(|fixture| {
                let attendance = &mut fixture.case.risk_policy.psa_attendance;
                *attendance = PsaAttendance { clinicians, cso, safety_engineer };
            })
        };
        let missing = "PSA session PSA-1 does not record";
        let asks = "as present. The NHS clinical risk matrix asks for them.";
        assert_eq!(demanding(2, true, false).messages("B13"), Vec::<String>::new());
        assert_eq!(
            demanding(3, true, false).messages("B13"),
            [format!(
                "{missing} a Clinical Safety Officer, 3 clinicians (the officer among them) and somebody of another role {asks}"
            )]
        );
        let mut fixture = demanding(1, true, true);
        assert_eq!(
            fixture.messages("B13"),
            [format!("{missing} a Clinical Safety Officer and a safety engineer {asks}")]
        );
        fixture.case.psa[0].attendees[1].role = some("Engineer, clinical safety");
        assert_eq!(fixture.messages("B13"), Vec::<String>::new());

        let mut without_officer = demanding(1, false, false);
        without_officer.case.psa[0].attendees.remove(0);
        assert_eq!(
            without_officer.messages("B13"),
            [format!("{missing} a clinician and somebody of another role {asks}")],
            "one role is no group"
        );
    }

    #[test]
    fn b11_a_point_that_nobody_assessed() {
        fires(
            "B11",
            |fixture| fixture.case.risk_assessment[0].interface_point = None,
            "No item of the risk assessment looks at the entry point EP-1 of Referral API: \"A referral arrives\".",
        );
        let none_at_all = Fixture::with(|fixture| fixture.case.risk_assessment.clear());
        assert_eq!(none_at_all.messages("B11"), Vec::<String>::new(), "said once, by R4");
    }
}
