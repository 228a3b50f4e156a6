//! X: loose ends of the cross-reference. What refers to a hazard that is not there, and what is there and
//! nothing refers to?
//!
//! The other loose ends have checks where they arise: R2 for risk-assessment items, E6 and E10 for PSA
//! sessions, U1 for evidence that names a control that the log does not have.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::graph::Kind;
use crate::assurance::text::Texts;
use std::collections::{HashMap, HashSet};

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "X1",
        level: Blocking,
        clause: Some("3.6.1, 7.2.5"),
        title: "Test issue or incident that names an unknown hazard",
        why: "An issue or incident is judged by the hazard that it bears on; where the log does not have that hazard, nobody has judged it.",
        remedy: "Correct the hazard's id, or put the hazard into the log.",
        runs: &[Run::Case(unknown_hazards)],
        ..Check::DEFAULT
    },
    Check {
        id: "X2",
        level: Warning,
        clause: Some("6.3.2, 6.3.3"),
        title: "Evidence that nothing refers to",
        why: "Evidence that no control rests on and no text refers to leaves a reader asking what it is for, and perhaps a control without the evidence that it has.",
        remedy: "Name the controls that it is evidence for; or refer to it by its id where it is needed, or take it out.",
        how: Some("`controls` of the evidence, in evidence.toml"),
        runs: &[Run::Case(unused_evidence)],
        ..Check::DEFAULT
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
    let graph = &examined.graph;
    let unlinked =
        |id: &str| graph.find(Kind::Evidence, id).is_none_or(|at| graph.links_out(at).next().is_none());
    let unlinked: Vec<_> = case.evidence.iter().filter(|evidence| unlinked(&evidence.id)).collect();
    if unlinked.is_empty() {
        return;
    }
    let ids: Vec<&str> = unlinked.iter().map(|evidence| evidence.id.as_str()).collect();
    let referred_to = mentioned(&examined.texts, &ids);
    for evidence in unlinked {
        if !referred_to.contains(evidence.id.as_str()) {
            let message = format!(
                "Evidence {} (\"{}\") names no control, and nothing refers to it.",
                evidence.id, evidence.title
            );
            outcome.hit(Hit::at(format!("evidence/{}", evidence.id), message));
        }
    }
}

/// Those of the ids that a text other than their own names.
fn mentioned<'a>(texts: &Texts, ids: &[&'a str]) -> HashSet<&'a str> {
    // By the first word of an id, and where in the id it stands: each text is gone through once, however many ids
    // there are.
    let mut by_word: HashMap<&str, Vec<(usize, &str)>> = HashMap::new();
    for id in ids {
        if let Some((at, word)) = words(id).next() {
            by_word.entry(word).or_default().push((at, id));
        }
    }
    let mut mentioned = HashSet::new();
    for text in texts.iter() {
        for (start, word) in words(text.text) {
            for (at, id) in by_word.get(word).into_iter().flatten() {
                let is_here = start >= *at && stands_at(id, text.text, start - at);
                let own = || format!("evidence/{id}/");
                if is_here && !mentioned.contains(id) && !text.path().starts_with(&own()) {
                    mentioned.insert(*id);
                }
            }
        }
    }
    mentioned
}

fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// Words with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let pieces = text.split_inclusive(|c| !is_part_of_word(c)).scan(0, |at, piece| {
        let start = *at;
        *at += piece.len();
        Some((start, piece.trim_end_matches(|c| !is_part_of_word(c))))
    });
    pieces.filter(|(_, word)| !word.is_empty())
}

/// The id stands here as words of its own: `EV-1` does not stand in `EV-10`.
fn stands_at(id: &str, text: &str, at: usize) -> bool {
    let Some((before, rest)) = text.split_at_checked(at) else { return false };
    let ends = rest.strip_prefix(id).is_some_and(|after| !after.starts_with(is_part_of_word));
    ends && !before.ends_with(is_part_of_word)
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
