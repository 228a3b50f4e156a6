//! A person's answer beside the engine's words, and where the two differ.

use super::{ClauseRow, ClauseState};
use crate::case::clause::{Clause, Probe};
use crate::case::compliance::{Answer, ComplianceAnswer};

/// Puts an answer into its row.
pub(super) fn set(row: &mut ClauseRow, clause: &Clause, answer: Option<&ComplianceAnswer>) {
    let Some(answer) = answer else { return };
    row.answer = Some(answer.answer);
    row.statement = answer.stated().map(str::to_owned);
    row.by.clone_from(&answer.by);
    row.on = answer.on;
    row.disagreement = disagreement(row, clause, answer.answer);
}

/// How the two differ, as a sentence; nothing where a person may well know more than the engine can see.
///
/// `Partial` stands beside anything. A clause that the engine did not look at, or that awaits or has nothing to
/// apply to as far as it can see, contradicts no `Yes`. And where approval itself is the evidence, `Awaiting` stays
/// right: the answer was given before, as part of what was approved.
fn disagreement(row: &ClauseRow, clause: &Clause, answer: Answer) -> Option<String> {
    use ClauseState::{EvidenceFound, NoneFound, PartlyFound};
    let differs = match answer {
        Answer::Yes => matches!(row.state, NoneFound(_) | PartlyFound(_)),
        Answer::Awaiting if clause.probes.iter().copied().any(Probe::follows_approval) => false,
        Answer::No | Answer::NotApplicable | Answer::Awaiting => matches!(row.state, EvidenceFound(_)),
        Answer::Partial => false,
    };
    differs.then(|| {
        format!(
            "The answer to {} is {}; the engine {}: {}.",
            row.number,
            answer.words(),
            row.state.words(),
            row.state.because().trim_end_matches('.')
        )
    })
}
