//! A person's answer beside the engine's words, and where the two differ.

use super::{ClauseRow, ClauseState};
use crate::assurance::verdict::APPROVAL_CHECKS;
use crate::case::clause::{Clause, Probe};
use crate::case::compliance::{Answer, ComplianceAnswer};

/// Puts an answer into its row. `seen` is what the probes alone saw, before findings limited it.
pub(super) fn set(
    row: &mut ClauseRow,
    clause: &Clause,
    seen: &ClauseState,
    answer: Option<&ComplianceAnswer>,
) {
    let Some(answer) = answer else { return };
    row.answer = Some(answer.answer);
    row.statement = answer.stated().map(str::to_owned);
    row.by.clone_from(&answer.by);
    row.on = answer.on;
    row.disagreement = disagreement(row, clause, seen, answer.answer);
}

/// How the two differ, as a sentence; nothing where a person may well know more than the engine can see.
///
/// `Partial` stands beside anything. A clause that the engine did not look at, or that awaits or has nothing to
/// apply to as far as it can see, contradicts no `Yes`. And where approval itself is the evidence, `Awaiting` stays
/// right: the answer was given before, as part of what was approved. For the same reason a `Yes` may stand where
/// all that limits the evidence is that the approval has not been given yet.
fn disagreement(row: &ClauseRow, clause: &Clause, seen: &ClauseState, answer: Answer) -> Option<String> {
    use ClauseState::{EvidenceFound, NoneFound, PartlyFound};
    let blocking = || row.findings.iter().filter(|finding| finding.blocking() > 0);
    let differs = match answer {
        Answer::Yes if blocking().all(|finding| APPROVAL_CHECKS.contains(&finding.check)) => {
            matches!(seen, NoneFound(_) | PartlyFound(_))
        }
        Answer::Yes => matches!(row.state, NoneFound(_) | PartlyFound(_)),
        Answer::Awaiting if clause.probes.iter().copied().any(Probe::follows_approval) => false,
        Answer::No | Answer::NotApplicable | Answer::Awaiting => matches!(row.state, EvidenceFound(_)),
        Answer::Partial => false,
    };
    differs.then(|| {
        format!(
            "The answer to {} {} is {}; the engine {}: {}.",
            row.table,
            row.number,
            answer.words(),
            row.state.words(),
            row.state.because().trim_end_matches('.')
        )
    })
}
