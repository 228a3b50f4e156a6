//! B: the risk policy. Was the log made with the policy that it is judged by, and does every document state
//! the same criteria?

mod scheme;
mod threshold;

use super::rating::stated_scores;
use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::hazard_log::{StatedMatrix, StatedMatrixCell};
use crate::case::matrix::RiskPolicy;
pub(super) use scheme::{Axis, Numbered};

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "B8",
        level: Blocking,
        clause: Some("3.2.1, 5.1.1"),
        title: "Matrix in the log differs from the risk policy",
        why: "Whoever rated the hazards read the matrix in the log; every rating is judged here by that of the policy.",
        remedy: "Put the policy's matrix into the log and rate again what it changes; or give the case the policy that the log prints.",
        runs: &[Run::Log(printed_matrix)],
    },
    Check {
        id: "B9",
        level: Blocking,
        clause: Some("5.1.1"),
        title: "Acceptability stated otherwise than in the risk policy",
        why: "A reader who takes the criteria from this text accepts, or refuses, other risks than the report does.",
        remedy: "Correct the text, or give the case the risk policy that it speaks of. Where the text speaks of risks that somebody accepted with a reason, say so in it.",
        runs: &[Run::Case(threshold::contradicted)],
    },
    // No more than a warning: each rating that it speaks of is blocked by B3, B4 or B5 at its own cell. It says
    // what all of those have in common, so that the cause is mended and not the cells.
    Check {
        id: "B15",
        level: Warning,
        clause: Some("3.2.1, 4.4.1"),
        title: "Ratings of another scheme than the risk policy's",
        why: "A log that was rated by another scheme says something else with each of its words and numbers. Nothing was converted: what they mean in the policy's matrix is a clinical judgement.",
        remedy: "Declare the scheme that the log was rated by, as a risk policy in a file of its own; or rate the hazards again in the words of the policy.",
        runs: &[Run::Log(scheme::recognised)],
    },
];

fn printed_matrix(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    const NAMED: usize = 5;
    let Some(matrix) = &subject.log.matrix else { return };
    let mut policies = subject.policies_in_use();
    if policies.is_empty() {
        policies.push(subject.policy);
    }
    // A log prints one matrix; where its hazards are rated by several, it should be one of theirs.
    let nearest = policies
        .into_iter()
        .map(|policy| (policy, differences(matrix, policy)))
        .min_by_key(|(_, differences)| differences.len());
    let Some((policy, mut differences)) = nearest else { return };
    if differences.is_empty() {
        return;
    }
    let count = differences.len();
    if count > NAMED {
        differences.truncate(NAMED);
        differences.push(format!("and {} more", count - NAMED));
    }
    let message = format!("The matrix in the log is not the {}: {}.", policy.title, differences.join("; "));
    outcome.hit(Hit::at("hazard_log/matrix", message));
}

fn differences(matrix: &StatedMatrix, policy: &RiskPolicy) -> Vec<String> {
    matrix.cells.iter().filter_map(|cell| difference(cell, policy)).collect()
}

fn difference(cell: &StatedMatrixCell, policy: &RiskPolicy) -> Option<String> {
    let StatedMatrixCell { severity, likelihood, risk } = cell;
    match policy.risk(severity, likelihood) {
        None => Some(format!("{severity} x {likelihood} is no cell of it")),
        Some(expected) if stated_scores(risk, policy).contains(&expected) => None,
        Some(expected) => Some(format!("{severity} x {likelihood} is \"{risk}\" and should be {expected}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, fires, inverted};
    use crate::case::hazard::Rating;

    fn cell(severity: &str, likelihood: &str, risk: &str) -> StatedMatrixCell {
        StatedMatrixCell {
            severity: severity.to_owned(),
            likelihood: likelihood.to_owned(),
            risk: risk.to_owned(),
        }
    }

    fn printed(cells: Vec<StatedMatrixCell>) -> impl Fn(&mut Fixture) {
        move |fixture: &mut Fixture| {
            fixture.case.hazard_log.matrix = Some(StatedMatrix { cells: cells.clone() });
        }
    }

    #[test]
    fn b8_another_matrix_in_the_log() {
        let right = Fixture::with(printed(vec![cell("Major", "Low", "3"), cell("minor", "very low", "1")]));
        assert_eq!(right.messages("B8"), Vec::<String>::new());
        fires(
            "B8",
            printed(vec![cell("Major", "Low", "8"), cell("Serious", "Low", "2")]),
            "The matrix in the log is not the NHS clinical risk matrix: Major x Low is \"8\" and should be 3; Serious x Low is no cell of it.",
        );
    }

    #[test]
    fn b8_the_matrix_must_be_one_that_hazards_are_rated_by() {
        let own = printed(vec![cell("Slight", "Seldom", "4"), cell("Severe", "Often", "Extreme")]);
        let mut fixture = Fixture::with(|fixture| {
            own(fixture);
            fixture.case.risk_policies.push(inverted());
        });
        assert_eq!(fixture.findings("B8").len(), 1, "declared, and no hazard is rated by it");
        fixture.hazard().initial = Rating::new(Some("Severe"), Some("Seldom"), None, &inverted());
        assert_eq!(fixture.messages("B8"), Vec::<String>::new());
    }
}
