//! X: loose ends of the cross-reference. What refers to a hazard that is not there, and what is there and
//! nothing refers to?
//!
//! The other loose ends have checks where they arise: R2 for risk-assessment items, E6 and E10 for PSA
//! sessions, U1 for evidence that names a control that the log does not have.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::graph::Kind;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "X1",
        level: Blocking,
        clause: Some("3.6.1, 7.2.5"),
        title: "Test issue or incident that names an unknown hazard",
        why: "An issue or incident is judged by the hazard that it bears on; where the log does not have that hazard, nobody has judged it.",
        remedy: "Correct the hazard's id, or put the hazard into the log.",
        runs: &[Run::Case(unknown_hazards)],
    },
    Check {
        id: "X2",
        level: Warning,
        clause: Some("6.3.2, 6.3.3"),
        title: "Evidence that shows nothing",
        why: "Evidence that no control rests on and no text refers to leaves a reader asking what it is for, and perhaps a control without the evidence that it has.",
        remedy: "Name the controls that it is evidence for; or refer to it by its id where it is needed, or take it out.",
        runs: &[Run::Case(unused_evidence)],
    },
];

fn unknown_hazards(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let issues = case.test_issues.items().iter();
    let issues = issues.map(|issue| ("Test issue", "test_issues", &issue.id, &issue.hazards));
    let incidents = case.incidents.iter();
    let incidents = incidents.map(|incident| ("Incident", "incidents", &incident.id, &incident.hazards));
    for (what, path, id, hazards) in issues.chain(incidents) {
        for hazard in hazards.iter().filter(|hazard| !examined.graph.knows(Kind::Hazard, hazard)) {
            let message = format!("{what} {id} names {hazard}, which is not in the hazard log.");
            outcome.hit(Hit::at(format!("{path}/{id}"), message));
        }
    }
}

fn unused_evidence(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let unlinked = |id: &str| examined.graph.links_from(Kind::Evidence, id).next().is_none();
    let unlinked: Vec<_> = case.evidence.iter().filter(|evidence| unlinked(&evidence.id)).collect();
    if unlinked.is_empty() {
        return;
    }
    for evidence in unlinked {
        let own = format!("evidence/{}/", evidence.id);
        let referred_to = examined
            .texts
            .iter()
            .any(|text| mentions(text.text, &evidence.id) && !text.path().starts_with(&own));
        if !referred_to {
            let message = format!(
                "Evidence {} (\"{}\") names no control, and nothing refers to it.",
                evidence.id, evidence.title
            );
            outcome.hit(Hit::at(format!("evidence/{}", evidence.id), message));
        }
    }
}

/// The text has the id as a word of its own: `EV-1` does not stand in `EV-10`.
fn mentions(text: &str, id: &str) -> bool {
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    text.match_indices(id).any(|(start, _)| {
        let (before, after) = (&text[..start], &text[start + id.len()..]);
        !part_of_word(before.chars().next_back()) && !part_of_word(after.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, date, fires};
    use crate::case::plan::{Incident, PlannedActivity, RiskManagementPlan};
    use crate::case::system::{Declared, TestIssue};

    #[test]
    fn x1_a_test_issue_or_an_incident_on_an_unknown_hazard() {
        let issue = |fixture: &mut Fixture| {
            fixture.case.test_issues = Declared::Given(vec![TestIssue {
                id: "TI-1".to_owned(),
                summary: "Slow at noon".to_owned(),
                clinical_impact: None,
                status: None,
                hazards: vec!["H01".to_owned(), "H99".to_owned()],
            }]);
        };
        fires("X1", issue, "Test issue TI-1 names H99, which is not in the hazard log.");
        let incident = |fixture: &mut Fixture| {
            fixture.case.incidents.push(Incident {
                id: "INC-1".to_owned(),
                reported: Some(date("2026-08-01")),
                resolved: None,
                summary: "A referral was late".to_owned(),
                impact: None,
                hazards: vec!["H98".to_owned(), "H02".to_owned()],
            });
        };
        fires("X1", incident, "Incident INC-1 names H98, which is not in the hazard log.");
    }

    fn idle(fixture: &mut Fixture) {
        let mut idle = fixture.case.evidence[0].clone();
        (idle.id, idle.controls) = ("EV-2".to_owned(), Vec::new());
        fixture.case.evidence.push(idle);
    }

    #[test]
    fn x2_evidence_that_no_control_rests_on() {
        fires("X2", idle, "Evidence EV-2 (\"Test report\") names no control, and nothing refers to it.");
    }

    #[test]
    fn x2_evidence_of_an_activity_shows_something() {
        let planned = |evidence: &str| {
            let activity = PlannedActivity {
                activity: "Hazard workshop".to_owned(),
                phase: None,
                evidence: Some(evidence.to_owned()),
            };
            Fixture::with(|fixture| {
                idle(fixture);
                fixture.case.plan =
                    Some(RiskManagementPlan { activities: vec![activity], ..RiskManagementPlan::default() });
            })
        };
        assert_eq!(planned("Minutes, EV-2.").messages("X2"), Vec::<String>::new());
        assert_eq!(planned("EV-20").messages("X2").len(), 1);
    }

    #[test]
    fn x2_a_control_that_is_not_in_the_log_is_said_elsewhere() {
        let lost = Fixture::with(|fixture| {
            idle(fixture);
            fixture.case.evidence[1].controls.push("H01.D9".to_owned());
        });
        assert_eq!(lost.messages("X2"), Vec::<String>::new());
    }
}
