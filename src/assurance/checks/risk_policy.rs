//! B: the risk policy. Was the log made with the policy that it is judged by, and does every document state
//! the same criteria?

mod scheme;
mod threshold;

use super::rating::stated_scores;
use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::finding::Level::Blocking;
use crate::case::folding::fold;
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
        ..Check::DEFAULT
    },
    Check {
        id: "B9",
        level: Blocking,
        clause: Some("5.1.1"),
        title: "Acceptability stated otherwise than in the risk policy",
        why: "A reader who takes the criteria from this text accepts, or refuses, other risks than the report does.",
        remedy: "Correct the text, or give the case the risk policy that it speaks of. Where the text speaks of risks that somebody accepted with a reason, say so in it.",
        runs: &[Run::Case(threshold::contradicted), Run::Log(threshold::of_the_matrix)],
        ..Check::DEFAULT
    },
    // No more than a warning: each rating that it speaks of is blocked by B3, B4 or B5 at its own cell. It says
    // what all of those have in common, so that the cause is mended and not the cells.
    Check {
        id: "B15",
        level: Blocking,
        clause: Some("3.2.1, 4.4.1"),
        title: "Ratings of another scheme than the risk policy's",
        why: "A log that was rated by another scheme says something else with each of its words and numbers. Nothing was converted: what they mean in the policy's matrix is a clinical judgement.",
        remedy: "Declare the scheme that the log was rated by, as a risk policy of its own; or rate the hazards again in the words of the policy.",
        how: Some(
            "`risk_policy` names a file of its own in case.toml; docs/risk-policy.md says what it holds",
        ),
        runs: &[Run::Log(scheme::recognised)],
        ..Check::DEFAULT
    },
];

fn printed_matrix(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    const NAMED: usize = 5;
    let Some(matrix) = &subject.log.matrix else { return };
    // A log prints one matrix; where its hazards are rated by several, it should be one of theirs.
    let policies = judging(subject).into_iter();
    let nearest =
        policies.map(|policy| (policy, differences(matrix, policy))).min_by_key(|(_, found)| found.len());
    let Some((policy, differences)) = nearest else { return };
    let Some(first) = differences.first() else { return };
    let place = |number: usize| subject.provenance.place(&cell_path(number));
    let mut named: Vec<String> = differences
        .iter()
        .take(NAMED)
        .map(|Difference { number, says }| {
            let cell = number.and_then(place).and_then(|place| place.cell);
            cell.map_or_else(|| says.clone(), |cell| format!("{says} (cell {cell})"))
        })
        .collect();
    if differences.len() > NAMED {
        named.push(format!("and {} more", differences.len() - NAMED));
    }
    let path = first.number.map_or_else(|| "hazard_log/matrix".to_owned(), cell_path);
    let message = format!("The matrix in the log is not the {}: {}.", policy.title, named.join("; "));
    outcome.hit(Hit::at(path, message));
}

/// The policies that the log is judged by: those of its hazards, or the main one where it has none.
fn judging<'a>(subject: &LogSubject<'a>) -> Vec<&'a RiskPolicy> {
    let policies = subject.policies_in_use();
    if policies.is_empty() { vec![subject.policy] } else { policies }
}

/// Path of a cell of the matrix in the log, by its number from 1.
fn cell_path(number: usize) -> String {
    format!("hazard_log/matrix/cells/{number}")
}

/// What the matrix in the log says otherwise than a policy does.
struct Difference {
    /// Number of its cell, from 1; what the log does not print has none.
    number: Option<usize>,
    says: String,
}

fn differences(matrix: &StatedMatrix, policy: &RiskPolicy) -> Vec<Difference> {
    if matrix.cells.is_empty() {
        let says = "none of its severities stands over one of its likelihoods".to_owned();
        return vec![Difference { number: None, says }];
    }
    let wrong = (1..).zip(&matrix.cells).filter_map(|(number, cell)| {
        difference(cell, policy).map(|says| Difference { number: Some(number), says })
    });
    let is_printed = |severity: &str, likelihood: &str| {
        matrix
            .cells
            .iter()
            .any(|cell| fold(&cell.severity) == fold(severity) && fold(&cell.likelihood) == fold(likelihood))
    };
    let all = policy.severities.iter().flat_map(|severity| {
        policy.likelihoods.iter().map(move |likelihood| (severity.word.as_str(), likelihood.word.as_str()))
    });
    let lacking = all.filter(|(severity, likelihood)| !is_printed(severity, likelihood)).map(
        |(severity, likelihood)| Difference {
            number: None,
            says: format!("{severity} x {likelihood} is not in it"),
        },
    );
    wrong.chain(lacking).collect()
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

    /// The matrix of a policy as a log prints it, with these of its cells changed.
    fn printed(policy: &RiskPolicy, changed: &[(&str, &str, &str)]) -> impl Fn(&mut Fixture) + use<> {
        let mut cells = Vec::new();
        for (likelihood, risks) in policy.likelihoods.iter().zip(&policy.matrix) {
            for (severity, risk) in policy.severities.iter().zip(risks) {
                let is_this =
                    |(of, at, _): &&(&str, &str, &str)| *of == severity.word && *at == likelihood.word;
                let risk =
                    changed.iter().find(is_this).map_or(risk.to_string(), |(.., risk)| (*risk).to_owned());
                let (severity, likelihood) = (severity.word.to_uppercase(), likelihood.word.clone());
                cells.push(StatedMatrixCell { severity, likelihood, risk });
            }
        }
        let matrix = StatedMatrix { cells, criteria: Vec::new() };
        move |fixture| fixture.case.hazard_log.matrix = Some(matrix.clone())
    }

    #[test]
    fn b8_another_matrix_in_the_log() {
        let right = Fixture::with(printed(&RiskPolicy::nhs(), &[("Major", "Low", "3 (Undesirable)")]));
        assert_eq!(right.messages("B8"), Vec::<String>::new());
        fires(
            "B8",
            printed(&RiskPolicy::nhs(), &[("Major", "Low", "8")]),
            "The matrix in the log is not the NHS clinical risk matrix: MAJOR x Low is \"8\" and should be 3.",
        );
    }

    #[test]
    fn b8_a_matrix_that_lacks_cells_or_has_others() {
        let messages = Fixture::with(|fixture| {
            printed(&RiskPolicy::nhs(), &[])(fixture);
            if let Some(matrix) = &mut fixture.case.hazard_log.matrix {
                matrix.cells[0].severity = "Slight".to_owned();
            }
        })
        .messages("B8");
        assert!(
            messages[0].ends_with(": Slight x Very Low is no cell of it; Minor x Very Low is not in it."),
            "{messages:?}"
        );
        fires(
            "B8",
            |fixture| fixture.case.hazard_log.matrix = Some(StatedMatrix { cells: vec![], criteria: vec![] }),
            "The matrix in the log is not the NHS clinical risk matrix: none of its severities stands over one of its likelihoods.",
        );
    }

    #[test]
    fn b8_the_matrix_must_be_one_that_hazards_are_rated_by() {
        let own = printed(&inverted(), &[]);
        let mut fixture = Fixture::with(|fixture| {
            own(fixture);
            fixture.case.risk_policies.push(inverted());
        });
        assert_eq!(fixture.findings("B8").len(), 1, "declared, and no hazard is rated by it");
        fixture.hazard().initial = Rating::new(Some("Severe"), Some("Seldom"), None, &inverted());
        assert_eq!(fixture.messages("B8"), Vec::<String>::new());
    }
}
