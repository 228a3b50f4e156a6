//! A person's answer beside the engine's words: where the two differ, and what else has to be known of the answer.
//!
//! Everything is worked out here once. The clause table prints it beside the answer, and the checks of compliance
//! make their findings of it.

use super::{ClauseRow, ClauseState};
use crate::assurance::{Subject, approvals};
use crate::case::clause::{Clause, LaterStep, Probe};
use crate::case::compliance::{Answer, ComplianceAnswer};
use crate::case::{Case, Date};
use serde::Serialize;

/// Something that a reader of an answer has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerMark {
    pub kind: MarkKind,
    /// Id of the check that says so; none where nothing is wrong.
    pub check: Option<&'static str>,
    /// In a few words, to stand beside the answer.
    pub words: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// The answer is not what was found.
    Differs,
    /// It says that the clause need not be met, or not yet, and not why.
    Unreasoned,
    /// It awaits what is due.
    Due,
    /// It is Yes, and neither the engine nor a statement shows anything.
    Unsupported,
    Nameless,
    /// Whoever gave it is not a person of the case.
    Stranger,
    Undated,
    /// It is Yes, and all that limits the evidence is an approval that has not been given yet.
    AwaitsApproval,
}

impl MarkKind {
    fn check(self) -> Option<&'static str> {
        match self {
            Self::Differs => Some("K1"),
            Self::Unreasoned => Some("F22"),
            Self::Due => Some("K6"),
            Self::Unsupported => Some("K7"),
            Self::Nameless | Self::Stranger | Self::Undated => Some("K5"),
            Self::AwaitsApproval => None,
        }
    }
}

impl ClauseRow {
    /// The mark of this kind beside the answer.
    #[must_use]
    pub fn mark(&self, kind: MarkKind) -> Option<&AnswerMark> {
        self.marks.iter().find(|mark| mark.kind == kind)
    }
}

/// Puts an answer into its row. `seen` is what the probes alone saw, before findings limited it.
pub(super) fn set(
    row: &mut ClauseRow,
    clause: &Clause,
    seen: &ClauseState,
    answer: Option<&ComplianceAnswer>,
    subject: &Subject<'_>,
) {
    let Some(answer) = answer else { return };
    row.answer = Some(answer.answer);
    row.statement = answer.stated().map(str::to_owned);
    row.by.clone_from(&answer.by);
    row.on = answer.on;
    row.disagreement = disagreement(row, clause, seen, answer.answer);
    let marks = [
        (MarkKind::Differs, row.disagreement.as_ref().map(|_| "differs from what was found".to_owned())),
        (MarkKind::AwaitsApproval, awaits_approval(row)),
        (MarkKind::Unreasoned, unreasoned(answer).map(|what| format!("no statement says {what}"))),
        (MarkKind::Due, due(clause, answer.answer, subject)),
        (MarkKind::Unsupported, unsupported(row)),
        (MarkKind::Nameless, by(answer).is_none().then(|| "name not given".to_owned())),
        (MarkKind::Stranger, stranger(subject.case, answer)),
        (MarkKind::Undated, answer.on.is_none().then(|| "date not given".to_owned())),
    ];
    row.marks = marks
        .into_iter()
        .filter_map(|(kind, words)| Some(AnswerMark { kind, check: kind.check(), words: words? }))
        .collect();
}

/// How the two differ, as a sentence; nothing where a person may well know more than the engine can see.
///
/// `Partial` stands beside anything. A clause that the engine did not look at, or that awaits or has nothing to
/// apply to as far as it can see, contradicts no `Yes`. And where approval itself is the evidence, `Awaiting` stays
/// right: the answer was given before, as part of what was approved. For the same reason a `Yes` may stand where
/// all that limits the evidence is that the approval has not been given yet.
fn disagreement(row: &ClauseRow, clause: &Clause, seen: &ClauseState, answer: Answer) -> Option<String> {
    use ClauseState::{EvidenceFound, NoneFound, PartlyFound};
    let differs = match answer {
        Answer::Yes if only_approval_blocks(row) => matches!(seen, NoneFound(_) | PartlyFound(_)),
        Answer::Yes => matches!(row.state, NoneFound(_) | PartlyFound(_)),
        Answer::Awaiting if clause.probes.iter().copied().any(Probe::follows_approval) => false,
        Answer::No | Answer::NotApplicable | Answer::Awaiting => matches!(row.state, EvidenceFound(_)),
        Answer::Partial => false,
    };
    differs.then(|| {
        format!(
            "The answer to {} is {}; the engine {}: {}.",
            row.cited(),
            answer.words(),
            row.state.words(),
            row.state.because().trim_end_matches('.')
        )
    })
}

/// No other finding than a missing approval stands against the clause.
fn only_approval_blocks(row: &ClauseRow) -> bool {
    let mut blocking = row.findings.iter().filter(|finding| finding.blocking() > 0);
    blocking.all(|finding| approvals::CHECKS.contains(&finding.check))
}

fn awaits_approval(row: &ClauseRow) -> Option<String> {
    let held_back = matches!(row.state, ClauseState::PartlyFound(_)) && only_approval_blocks(row);
    (row.answer == Some(Answer::Yes) && row.disagreement.is_none() && held_back)
        .then(|| "all that is missing is an approval, which comes after this answer".to_owned())
}

/// What the statement of an answer other than Yes or No has to say, and no statement says.
fn unreasoned(answer: &ComplianceAnswer) -> Option<&'static str> {
    let lacks = match answer.answer {
        Answer::NotApplicable => "why the clause does not apply",
        Answer::Partial => "what is lacking",
        Answer::Awaiting => "what is awaited",
        Answer::Yes | Answer::No => return None,
    };
    answer.stated().is_none().then_some(lacks)
}

/// Why "Awaiting" is not open for the clause.
fn due(clause: &Clause, answer: Answer, subject: &Subject<'_>) -> Option<String> {
    match clause.may_await {
        _ if answer != Answer::Awaiting => None,
        None => Some("it is due from the start".to_owned()),
        Some(LaterStep::ProcessReview) => long_unreviewed(subject.case, subject.as_of),
        Some(_) => None,
    }
}

/// The process has run for more than a year without a review, as far as the case tells, and for longer than the
/// interval of its reviews.
fn long_unreviewed(case: &Case, as_of: Date) -> Option<String> {
    let is_past = |date: Date, months: u16| date.plus_months(months).is_some_and(|due| due < as_of);
    let is_long_ago = |date: Date| is_past(date, 12);
    let within_interval = |date: Date| {
        let interval = case.process_review.as_ref().and_then(|review| review.interval_months);
        interval.is_some_and(|months| !is_past(date, months))
    };
    match case.process_review.as_ref().and_then(|review| review.last_reviewed) {
        Some(date) => (is_long_ago(date) && !within_interval(date))
            .then(|| format!("the process was last reviewed on {date:#}, more than a year before {as_of:#}")),
        None => case.plan.as_ref()?.approved_on.filter(|date| is_long_ago(*date)).map(|date| {
            format!(
                "no review is recorded, and the plan was approved on {date:#}, more than a year before {as_of:#}"
            )
        }),
    }
}

fn unsupported(row: &ClauseRow) -> Option<String> {
    let rests_on_nothing = row.answer == Some(Answer::Yes)
        && row.statement.is_none()
        && matches!(row.state, ClauseState::NotLookedAt(_));
    rests_on_nothing.then(|| "no statement, and the engine does not look there".to_owned())
}

/// Who gave the answer, where anybody is named.
#[must_use]
pub fn by(answer: &ComplianceAnswer) -> Option<&str> {
    answer.by.as_deref().map(str::trim).filter(|by| !by.is_empty())
}

/// People are known by id, or by name as the case has it.
fn stranger(case: &Case, answer: &ComplianceAnswer) -> Option<String> {
    let name = by(answer)?;
    let is_known = case.person(name).is_some() || case.people.iter().any(|person| person.name == name);
    (!is_known).then(|| "not a person of this case".to_owned())
}
